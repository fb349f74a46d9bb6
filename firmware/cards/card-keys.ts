// Which key an NTAG 424 DNA card of a school holds under each of its five numbers, by the name of
// what it is. The office has both secrets; the Worker has the terminals' alone; neither key nor
// secret is ever written down by these tools.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { CARD_KEY_BYTES, cardMaster, deriveCardKey, keyNumberOf } from "#protocol/card-key.ts";

/** "epoch-3" is the terminals' key of epoch 3. */
export type KeyName = "factory" | "office" | `epoch-${number}`;

/** card: the Worker's CARD_SECRET; office: known to the office alone. */
export type CardSecrets = { card: Bytes; office: Bytes };

export const KEYS = 5;
export const ADMIN = 0;
/** The office's keys stay for the life of a card. */
const OFFICE_EPOCH = 1;

/** What each number is to hold once a card is personalised for an epoch: the terminals' key, and
 * that of the epoch before, which terminals with an older roster still ask for. */
export function plannedKeys(epoch: number): KeyName[] {
  const planned: KeyName[] = Array.from({ length: KEYS }, () => "office");
  planned[keyNumberOf(epoch)] = `epoch-${epoch}`;
  if (epoch > 1) planned[keyNumberOf(epoch - 1)] = `epoch-${epoch - 1}`;
  return planned;
}

export type KeyRing = (number: number, name: KeyName) => Bytes;

export function openKeyRing(
  primitives: Pick<Primitives, "hmacSha256" | "encryptCbc">,
  secrets: CardSecrets,
  school: string,
  uid: Bytes,
): KeyRing {
  const { hmacSha256, encryptCbc } = primitives;
  const office = cardMaster(hmacSha256, secrets.office, school, "office");
  const terminal = cardMaster(hmacSha256, secrets.card, school, "terminal");
  return (number, name) => {
    if (name === "factory") return new Uint8Array(CARD_KEY_BYTES);
    if (name === "office") return deriveCardKey(encryptCbc, office, uid, number, OFFICE_EPOCH);
    return deriveCardKey(encryptCbc, terminal, uid, number, epochOf(name));
  };
}

/** The version byte that the card keeps beside a key. */
export function versionOf(name: KeyName): number {
  if (name === "factory") return 0;
  return name === "office" ? OFFICE_EPOCH : epochOf(name);
}

function epochOf(name: `epoch-${number}`): number {
  return Number(name.slice("epoch-".length));
}
