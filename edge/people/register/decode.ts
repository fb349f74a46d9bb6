// The bytes of a CSV file as text: UTF-8 if it is, else Windows-1252, which is what a Belgian spreadsheet writes.

import type { Bytes } from "#protocol/bytes.ts";

/** A mark at the beginning (RFC 3629 section 6) is dropped. */
export function decodeFile(bytes: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
