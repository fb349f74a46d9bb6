// Cards as a reader in their field meets them (ISO/IEC 14443-3, type A), for the emulated PN532.
// Written in the terminal's language: these parts also run on the interpreter itself.

import type { Bytes } from "#protocol/bytes.ts";

/** atqa in the order the PN532 reports it; ats only from cards that speak ISO 14443-4. exchange
 * answers a command, undefined when the card stays silent; leaveField takes its power. */
export type EmulatedCard = {
  uid: Bytes;
  atqa: Bytes;
  sak: number;
  ats: Bytes;
  exchange?: (command: Bytes) => Bytes | undefined;
  leaveField?: () => void;
};

const NO_ATS = new Uint8Array(0);

/** MIFARE Classic 1K: NXP AN10833, table 5. */
export function classicCard(uid: Bytes): EmulatedCard {
  return { uid: uid, atqa: new Uint8Array([0x00, 0x04]), sak: 0x08, ats: NO_ATS };
}

/** NTAG213, 215, 216 and Ultralight. */
export function ntagCard(uid: Bytes): EmulatedCard {
  return { uid: uid, atqa: new Uint8Array([0x00, 0x44]), sak: 0x00, ats: NO_ATS };
}

/** A phone or a bank card: a UID that is new at each tap, and ISO 14443-4. */
export function phone(uid: Bytes): EmulatedCard {
  return {
    uid: uid,
    atqa: new Uint8Array([0x03, 0x04]),
    sak: 0x20,
    ats: new Uint8Array([0x06, 0x77, 0x77, 0x71, 0x02, 0x80]),
  };
}

/** The usual plain card of a UID of this length. */
export function plainCard(uid: Bytes): EmulatedCard {
  return uid.length === 4 ? classicCard(uid) : ntagCard(uid);
}
