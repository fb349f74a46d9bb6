// The primitives of Board from Espruino's native crypto library. It has no HMAC: RFC 2104 is built from its SHA-256,
// and the padded forms of a key are kept, because to make them costs more than to hash.

import type { Bytes, Primitives } from "#protocol/bytes.ts";

const HASH_BLOCK = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** A terminal has four keys; a few more cost 10 variables each. */
const KEPT_KEYS_MAX = 6;

type PaddedKey = { key: Bytes; inner: Bytes; outer: Bytes };

export function createEspruinoPrimitives(): Primitives & { sha512(data: Bytes): Bytes } {
  const crypto = require("crypto");
  const kept: PaddedKey[] = [];

  const sha256 = (data: Bytes): Bytes => new Uint8Array(crypto.SHA256(data));

  function padKey(key: Bytes, value: number): Bytes {
    const padded = new Uint8Array(HASH_BLOCK);
    padded.set(key.length > HASH_BLOCK ? sha256(key) : key, 0);
    for (let i = 0; i < HASH_BLOCK; i++) padded[i] = (padded[i] as number) ^ value;
    return padded;
  }

  /** Keys are told apart by identity: whoever makes a key anew for each message gains nothing and loses nothing. */
  function paddedKey(key: Bytes): PaddedKey {
    for (let i = 0; i < kept.length; i++)
      if ((kept[i] as PaddedKey).key === key) return kept[i] as PaddedKey;
    const padded = { key: key, inner: padKey(key, INNER_PAD), outer: padKey(key, OUTER_PAD) };
    kept.push(padded);
    if (kept.length > KEPT_KEYS_MAX) kept.shift();
    return padded;
  }

  return {
    sha256: sha256,
    sha512: (data) => new Uint8Array(crypto.SHA512(data)),
    hmacSha256: function (key, data) {
      const padded = paddedKey(key);
      const inner = crypto.SHA256([padded.inner, data]);
      return new Uint8Array(crypto.SHA256([padded.outer, inner]));
    },
    encryptCbc: (key, iv, data) =>
      new Uint8Array(crypto.AES.encrypt(data, key, { mode: "CBC", iv: iv })),
    decryptCbc: function (key, iv, data) {
      const options = { mode: "CBC" as const, iv: iv };
      let plain = crypto.AES.decrypt(data, key, options);
      if (!plain) {
        // What comes out wants its room in one piece, and there was none.
        E.defrag();
        plain = crypto.AES.decrypt(data, key, options);
      }
      return new Uint8Array(plain as ArrayBuffer);
    },
  };
}
