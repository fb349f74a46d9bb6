// The primitives of Board from Espruino's native crypto library. It has no HMAC: RFC 2104 is built from its SHA-256,
// and the padded forms of a key are kept, because to make them costs more than to hash. What the library gives lies in one
// piece, and where memory is scattered it gives nothing: nowhere else does the firmware need a piece of any size, because
// Espruino makes arrays of scattered ones then. So messages go through the cipher in pieces that are always to be had.

import type { Bytes, Primitives } from "#protocol/bytes.ts";

const HASH_BLOCK = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** A terminal has four keys; a few more cost 10 variables each. */
const KEPT_KEYS_MAX = 6;
/** Some 20 variables; what decides at a tap is shorter. */
const PIECE_BYTES = 256;
const BLOCK_BYTES = 16;

type PaddedKey = { key: Bytes; inner: Bytes; outer: Bytes };

const CRYPTO = require("crypto");
const kept: PaddedKey[] = [];

/** Outermost, like all that boards do for ever: a function made within another costs five variables more. */
export const PRIMITIVES: Primitives & { sha512(data: Bytes): Bytes } = {
  sha256: sha256,
  sha512: (data) => new Uint8Array(CRYPTO.SHA512(data) || again(CRYPTO.SHA512, data)),
  hmacSha256: function (key, data) {
    const padded = paddedKey(key);
    const text = [padded.inner, data];
    const inner = CRYPTO.SHA256(text) || again(CRYPTO.SHA256, text);
    const outer = [padded.outer, inner];
    return new Uint8Array(CRYPTO.SHA256(outer) || again(CRYPTO.SHA256, outer));
  },
  encryptCbc: (key, iv, data) => chain(CRYPTO.AES.encrypt, key, iv, data, true),
  decryptCbc: (key, iv, data) => chain(CRYPTO.AES.decrypt, key, iv, data, false),
};

function sha256(data: Bytes): Bytes {
  return new Uint8Array(CRYPTO.SHA256(data) || again(CRYPTO.SHA256, data));
}

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

type Cipher = EspruinoCrypto["AES"]["encrypt"];
type Hashed = EspruinoBytes | EspruinoBytes[];

/** Piece by piece: the vector of each is the last block of what was encrypted before it (SP 800-38A section 6.2). */
function chain(cipher: Cipher, key: Bytes, iv: Bytes, data: Bytes, encrypts: boolean): Bytes {
  if (data.length <= PIECE_BYTES) return new Uint8Array(cipherPiece(cipher, key, iv, data));
  const result = new Uint8Array(data.length);
  let vector = iv;
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    // A view past the end is not cut short there, and the cipher then reads for ever.
    const piece = data.subarray(at, Math.min(at + PIECE_BYTES, data.length));
    const done = new Uint8Array(cipherPiece(cipher, key, vector, piece));
    result.set(done, at);
    vector = (encrypts ? done : piece).subarray(piece.length - BLOCK_BYTES);
  }
  return result;
}

function cipherPiece(cipher: Cipher, key: Bytes, iv: Bytes, piece: Bytes): ArrayBuffer {
  const options = { mode: "CBC" as const, iv: iv };
  let result = cipher(piece, key, options);
  if (!result) {
    E.defrag();
    result = cipher(piece, key, options);
  }
  return found(result);
}

/** Once more, after memory was put in order. */
function again(hash: (data: Hashed) => ArrayBuffer | undefined, data: Hashed): ArrayBuffer {
  E.defrag();
  return found(hash(data));
}

function found(result: ArrayBuffer | undefined): ArrayBuffer {
  if (!result) throw new Error("crypto: no room in one piece");
  return result;
}
