// How a school's office tells the Worker of a terminal's new key: one request whose body is authenticated with a key that
// follows from the school's secret, which both have. The secret itself never travels, and a request that is
// recorded and sent again says nothing new.

import type { Bytes, Primitives } from "./bytes.ts";
import { concat, fromLatin1 } from "./bytes.ts";

/** publicKey in hex. The epoch is new, or known with this very key. like: a terminal that is new sells what that one does. */
export type Registration = {
  terminal: number;
  epoch: number;
  name: string;
  publicKey: string;
  like?: number;
};
/** last: the highest epoch that the ledger knows of this terminal. */
export type RegistrationResult =
  | { ok: true; replayed: boolean }
  | { ok: false; reason: RegistrationRefusal; last: number };
export type RegistrationRefusal = "malformed" | "other-key" | "key-in-use" | "old-epoch";

/** POST, JSON of a Registration; the answer is JSON of a RegistrationResult. */
export const REGISTRATION_PATH = "/office/terminals";
/** Of the request: registrationMac of its body, in hex. */
export const MAC_HEADER = "obole-office-mac";

/** 32 bytes over the exact bytes of the body. */
export function registrationMac(
  hmacSha256: Primitives["hmacSha256"],
  sealSecret: Bytes,
  school: string,
  body: Bytes,
): Bytes {
  const key = hmacSha256(sealSecret, fromLatin1("obole/1/office/" + school));
  return hmacSha256(key, concat([fromLatin1(REGISTRATION_PATH + "\n"), body]));
}
