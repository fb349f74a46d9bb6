// What can be wrong with a file, and where. The pages put each into words (dashboard/texts/register).

/** Of the file: then nothing of it can be imported. */
export type FileFlaw = "not-text" | "empty" | "too-many-lines" | "missing-column";

/** Of one line, which is then left out; those of headers leave out their column. */
export type LineFlaw =
  | "unknown-header"
  | "twice-header"
  | "bad-quotes"
  | "unequal-cells"
  | "missing"
  | "too-long"
  | "broken-characters"
  | "formula"
  | "bad-class"
  | "other-year"
  | "unknown-allergen"
  | "bad-card"
  | "bad-address"
  | "bad-language"
  | "no-guardian-name"
  | "number-twice"
  | "student-twice"
  | "guardian-twice"
  | "address-of-another"
  | "card-of-another";

/** line: as an editor counts it, headers are line 1. column: the header as it was written, "" for the whole line.
 * other: the line that said otherwise before, 0 when there is none. */
export type Problem = {
  line: number;
  column: string;
  value: string;
  flaw: FileFlaw | LineFlaw;
  other: number;
};
