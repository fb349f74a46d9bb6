// What both ends need to handle bytes, and the cryptographic primitives each runtime passes in:
// Espruino gives its native functions, the Worker and the tools give node:crypto.

export type Bytes = Uint8Array;

export type Primitives = {
  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(data: Bytes): Bytes;
  /** HMAC-SHA256 (RFC 2104): 32 bytes. */
  hmacSha256(key: Bytes, data: Bytes): Bytes;
  /** AES-128-CBC without padding (NIST SP 800-38A 6.2); data is a whole number of 16-byte blocks. */
  encryptCbc(key: Bytes, iv: Bytes, data: Bytes): Bytes;
  decryptCbc(key: Bytes, iv: Bytes, data: Bytes): Bytes;
};

export function concat(parts: Bytes[]): Bytes {
  let length = 0;
  for (let i = 0; i < parts.length; i++) length += (parts[i] as Bytes).length;
  const all = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    all.set(parts[i] as Bytes, at);
    at += (parts[i] as Bytes).length;
  }
  return all;
}

/** The same time whatever the bytes, so that a forger learns nothing from how long a refusal took. */
export function sameBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** A copy of length bytes from offset. Espruino's typed arrays have no usable `slice`. */
export function copyBytes(data: Bytes, offset: number, length: number): Bytes {
  const copy = new Uint8Array(length);
  copy.set(data.subarray(offset, offset + length));
  return copy;
}

const HEX = "0123456789abcdef";

export function toHex(data: Bytes): string {
  let text = "";
  for (let i = 0; i < data.length; i++) {
    const byte = data[i] as number;
    text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
  }
  return text;
}

/** Reads pairs of hexadecimal digits; anything else throws. */
export function fromHex(text: string): Bytes {
  if (text.length % 2 || /[^0-9a-fA-F]/.test(text))
    throw new Error("hex: not pairs of digits: " + text);
  const data = new Uint8Array(text.length >> 1);
  for (let i = 0; i < data.length; i++) data[i] = parseInt(text.substr(i * 2, 2), 16);
  return data;
}

/** Characters U+0000 to U+00FF, one byte each: the only text the terminal's display knows. */
export function fromLatin1(text: string): Bytes {
  const data = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) data[i] = text.charCodeAt(i);
  return data;
}

export function toLatin1(data: Bytes): string {
  let text = "";
  for (let i = 0; i < data.length; i++) text += String.fromCharCode(data[i] as number);
  return text;
}

export function writeU32(data: Bytes, offset: number, value: number): void {
  data[offset] = value >>> 24;
  data[offset + 1] = value >>> 16;
  data[offset + 2] = value >>> 8;
  data[offset + 3] = value;
}

export function readU32(data: Bytes, offset: number): number {
  return (
    (((data[offset] as number) << 24) |
      ((data[offset + 1] as number) << 16) |
      ((data[offset + 2] as number) << 8) |
      (data[offset + 3] as number)) >>>
    0
  );
}
