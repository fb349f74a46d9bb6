// The text of a file that a school's own program has written. Older ones write Windows-1252, whose accents are hardly
// ever valid UTF-8: so what is no UTF-8 is that.

import type { Bytes } from "#protocol/bytes.ts";

export type Decoded = { text: string; encoding: "utf-8" | "windows-1252" };

const ZIP = [0x50, 0x4b];

/** undefined when it is no text: a spreadsheet, or UTF-16. */
export function decodeText(bytes: Bytes): Decoded | undefined {
  const isZip = ZIP.every((byte, i) => bytes[i] === byte);
  if (isZip || bytes.includes(0)) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return { text, encoding: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

/** Control characters, the mark of a lost character, and UTF-8 that was once taken for Windows-1252 ("Ã©"). */
const BROKEN = /[^\P{Cc}\t\r\n]|\ufffd|[\u00c2\u00c3][\u0080-\u00bf]/u;

export function isBroken(cell: string): boolean {
  return BROKEN.test(cell);
}
