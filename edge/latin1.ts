// Names as the terminal's display can show them: Latin-1, which has every letter of French, Dutch
// and German but a few. Those become their nearest plain letters, never a hole.

import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1 } from "#protocol/bytes.ts";

const PLAIN: Record<string, string> = {
  œ: "oe",
  Œ: "OE",
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "€": "EUR",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ı: "i",
};

/** At most lengthMax characters; letters with foreign accents lose the accent, anything else
 * becomes "?". */
export function toDisplay(text: string, lengthMax: number): Bytes {
  const shown = text.normalize("NFC").replace(/[\u0100-\u{10ffff}]/gu, displayOf);
  return fromLatin1(shown.slice(0, lengthMax));
}

function displayOf(character: string): string {
  const base = character.normalize("NFD").charAt(0);
  return PLAIN[character] ?? (base <= "\u007f" ? base : "?");
}
