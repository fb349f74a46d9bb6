// Goal: an amount is read as people mean it or not at all. Method: a table of what people type; then every amount that
// the pages themselves write is read back.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCents } from "./amount.ts";
import { LANGUAGES, voiceFor } from "./voice.ts";

test.each([
  ["20", 2000],
  ["12,5", 1250],
  ["12.50", 1250],
  ["0,05", 5],
  ["-5", -500],
  ["+5", 500],
  ["\u22125,00", -500],
  [" 1 250,00 € ", 125000],
  ["-0", 0],
])("%j is %d cents", (text, cents) => {
  expect(parseCents(text)).toBe(cents);
});

test.each(["", "-", "abc", "1,234", "1,2,3", "12,", ",50", "1e3", "0x10", "12345678", "5-"])(
  "%j is no amount",
  (text) => {
    expect(parseCents(text)).toBeUndefined();
  },
);

test("what French and Belgian pages write up to a thousand euro is read back", () => {
  for (const language of LANGUAGES)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (cents) => {
        const voice = voiceFor(language, undefined, undefined);
        expect(parseCents(voice.money(cents))).toBe(cents);
      }),
    );
});
