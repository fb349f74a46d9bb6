// The number of a card as people type it and as readers show it.

import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";

/** ISO/IEC 14443-3 section 6.5.4: single, double and triple size. */
const UID_LENGTHS = [4, 7, 10];
/** There: a single-size UID that begins so is drawn anew each time, as telephones do. */
const RANDOM_UID = 0x08;

export type UidFault = "bad-uid" | "random-uid";

/** text: hexadecimal, with spaces or colons as readers print it. */
export function readUid(text: string): { uid: Bytes } | { fault: UidFault } {
  const digits = text.replace(/[\s:.-]/g, "").toLowerCase();
  if (!/^([0-9a-f]{2})+$/.test(digits) || !UID_LENGTHS.includes(digits.length / 2))
    return { fault: "bad-uid" };
  const uid = fromHex(digits);
  if (uid.length === 4 && uid[0] === RANDOM_UID) return { fault: "random-uid" };
  return { uid };
}

/** In the audit log. */
export const cardSubject = (uid: Bytes): string => `card/${toHex(uid)}`;
