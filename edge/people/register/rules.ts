// What a name, a number or a class may look like, in a file and in a form alike.

import { isBroken } from "./decode.ts";

/** Of a class: what the roster of terminals holds (protocol/roster.ts). */
export const LENGTHS_MAX = {
  number: 20,
  lastName: 60,
  firstName: 60,
  class: 8,
  address: 254,
  note: 200,
};
/** A spreadsheet would run these as a formula when somebody opens the school's next export. */
const FORMULA = /^[=+\-@\t\r]/;
const CLASS = /^[\p{L}\d][\p{L}\d ./-]*$/u;

export type TextField = keyof typeof LENGTHS_MAX;
export type TextFlaw = "formula" | "broken-characters" | "too-long";

/** One blank between words, accents in one piece. */
export function tidy(raw: string): string {
  return raw.normalize("NFC").trim().replace(/\s+/g, " ");
}

/** raw: as it was sent, since a tab before it is what makes some formulas; undefined when nothing is wrong. */
export function flawOf(field: TextField, raw: string): TextFlaw | undefined {
  const value = tidy(raw);
  if (value && FORMULA.test(raw)) return "formula";
  if (isBroken(raw)) return "broken-characters";
  return value.length > LENGTHS_MAX[field] ? "too-long" : undefined;
}

export function isClass(value: string): boolean {
  return CLASS.test(value);
}
