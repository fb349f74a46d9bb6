// The cards of the made-up school as they lie in people's pockets: those with a key are NTAG 424
// DNA, personalised with the demonstration's own secrets; any other UID is a plain card.

import { randomBytes } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { cardMaster, keyNumberOf, terminalKey } from "#protocol/card-key.ts";
import type { EmulatedCard } from "./parts/card.ts";
import { plainCard } from "./parts/card.ts";
import type { Ntag424 } from "./parts/ntag424.ts";
import { ntag424Card } from "./parts/ntag424.ts";
import { nodePrimitives } from "./primitives.ts";
import type { School } from "./school.ts";

/** A card is the same object at each tap: it counts wrong keys. */
export function demoCards(
  { slug, cards }: Pick<School, "slug" | "cards">,
  cardSecret: string,
): (uid: Bytes) => EmulatedCard {
  const master = cardMaster(nodePrimitives.hmacSha256, fromHex(cardSecret), slug, "terminal");
  const made = new Map<string, Ntag424>();
  for (const { uid, keyEpoch } of cards)
    if (keyEpoch) made.set(uid, personalised(master, fromHex(uid), keyEpoch));
  return (uid) => made.get(toHex(uid)) ?? plainCard(uid);
}

function personalised(master: Bytes, uid: Bytes, epoch: number): Ntag424 {
  const card = ntag424Card(
    { ...nodePrimitives, random: (length) => Uint8Array.from(randomBytes(length)) },
    uid,
  );
  const { secret } = terminalKey(nodePrimitives.encryptCbc, master, uid, epoch);
  card.keys[keyNumberOf(epoch)] = secret;
  return card;
}
