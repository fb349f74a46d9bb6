// The keys of an NTAG 424 DNA card, each of its own: derived from a school's master key as NXP's
// AN10922 does, so that a terminal holds keys of cards and never one from which others follow.

import type { Bytes, Primitives } from "./bytes.ts";
import { concat, fromLatin1 } from "./bytes.ts";
import { CMAC_BYTES, cmac } from "./cmac.ts";

/** A card's key for terminals, with the epoch that says under which number the card has it. */
export type CardKey = { epoch: number; secret: Bytes };

export const CARD_KEY_BYTES = 16;
export const CARD_UID_BYTES = 7;
export const KEY_EPOCH_MAX = 255;
/** Name of the application on an NTAG 424 DNA (data sheet, table 10). */
export const APPLICATION = new Uint8Array([0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01]);
const AES_128 = 0x01;
const TERMINAL_KEYS = [3, 4];

/** The number under which a card keeps the terminals' key of an epoch: 3 and 4 in turn. Epoch n
 * leaves that of n - 1 in place, so a terminal whose roster is older still has the right key,
 * and nobody ever tries two. */
export function keyNumberOf(epoch: number): number {
  return TERMINAL_KEYS[(epoch + 1) % 2] as number;
}

/** What keys of one purpose follow from. secret: 32 bytes or more of the school; purpose:
 * "terminal" or "office". */
export function cardMaster(
  hmacSha256: Primitives["hmacSha256"],
  secret: Bytes,
  school: string,
  purpose: "terminal" | "office",
): Bytes {
  const label = fromLatin1("obole/1/card/" + school + "/" + purpose);
  return hmacSha256(secret, label).subarray(0, CARD_KEY_BYTES);
}

/** AN10922 section 2.2: CMAC(master, 01 | UID (7) | application (7) | key number | epoch). With
 * these 16 bytes after the 01 its padding to 32 bytes and that of CMAC are the same. Throws on a
 * UID or an epoch of another size. */
export function deriveCardKey(
  encryptCbc: Primitives["encryptCbc"],
  master: Bytes,
  uid: Bytes,
  keyNumber: number,
  epoch: number,
): Bytes {
  if (uid.length !== CARD_UID_BYTES || master.length !== CMAC_BYTES)
    throw new Error("card-key: UID of " + uid.length + ", master of " + master.length + " bytes");
  if (epoch < 1 || epoch > KEY_EPOCH_MAX) throw new Error("card-key: epoch " + epoch);
  const ending = new Uint8Array([keyNumber, epoch]);
  const input = concat([new Uint8Array([AES_128]), uid, APPLICATION, ending]);
  return cmac(encryptCbc, master, input);
}

/** The key that goes into the roster. */
export function terminalKey(
  encryptCbc: Primitives["encryptCbc"],
  master: Bytes,
  uid: Bytes,
  epoch: number,
): CardKey {
  return { epoch, secret: deriveCardKey(encryptCbc, master, uid, keyNumberOf(epoch), epoch) };
}
