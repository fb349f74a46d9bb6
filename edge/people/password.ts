// Passwords as they are stored: scrypt (RFC 7914), salt and hash in base64url, "SALT.HASH".
// The cost is the OWASP equivalent that fits a Worker's memory: N = 2^14, r = 8, p = 5 takes 16 MiB.

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const COST = { N: 16384, r: 8, p: 5, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Nobody types more, and nobody should make us hash more. */
const PASSWORD_CHARACTERS_MAX = 200;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt);
  return salt.toString("base64url") + "." + hash.toString("base64url");
}

/** stored is undefined for a username that does not exist: the same work is done, so that the time of a refusal
 * does not tell who has an account. An account whose stored form is not a hash accepts no password. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = "", hash = ""] = (stored ?? "").split(".");
  const expected = Buffer.from(hash, "base64url");
  const derived = await derive(password, Buffer.from(salt, "base64url"));
  return expected.length === HASH_BYTES && timingSafeEqual(derived, expected);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  // The same letters typed on two keyboards may be composed differently (é as one character or two).
  const typed = password.slice(0, PASSWORD_CHARACTERS_MAX).normalize("NFC");
  return new Promise((resolve, reject) =>
    scrypt(typed, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
  );
}
