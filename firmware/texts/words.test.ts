// Goal: every word fits the display in every language, and amounts read as that language writes
// them. Method: each text of each language is measured against the fonts; amounts against the
// platform's own formatting.

import { describe, expect, test } from "vitest";
import { TOTAL_CENTS_MAX } from "#protocol/entry.ts";
import { BIG_CHARS, LINE_CHARS } from "../screen.ts";
import { LANGUAGES, moneyText, wordsOf } from "./languages.ts";
import type { Message, Words } from "./words.ts";

const languages = Object.entries(LANGUAGES).map(([name, words]) => [name, words()] as const);

function messagesOf(words: Words): [string, Message][] {
  const groups = [words.refusals(), words.faults(), words.shortages()];
  return [...Object.entries(words.messages()), ...groups.flatMap((group) => Object.entries(group))];
}

describe.each(languages)("in %s", (_, words) => {
  test.each(messagesOf(words))("%s fits the display", (_name, message) => {
    expect(message.big.length).toBeGreaterThan(0);
    expect(message.big.length).toBeLessThanOrEqual(BIG_CHARS);
    for (const line of message.lines) expect(line.length).toBeLessThanOrEqual(LINE_CHARS);
  });

  test("the words beside figures fit too", () => {
    expect(words.thanks.length).toBeLessThanOrEqual(BIG_CHARS);
    for (const text of [words.tapCard, words.okToPay, words.confirmVoid, words.okForYes])
      expect(text.length).toBeLessThanOrEqual(LINE_CHARS);
    expect(moneyText(words, TOTAL_CENTS_MAX).length).toBeLessThanOrEqual(BIG_CHARS);
  });

  test("every character is in the fonts: Latin-1 and the euro sign at 0x80", () => {
    const all = [words, words.messages(), words.refusals(), words.faults(), words.shortages()];
    expect(JSON.stringify(all)).toMatch(/^[\x20-\x7e\x80\xa1-\xff]*$/);
  });

  test("no refusal speaks of money, debt or balance", () => {
    expect(JSON.stringify(words.refusals())).not.toMatch(
      /solde|crédit|dette|argent|saldo|schuld|geld|guthaben|balance|credit|debt|money/i,
    );
  });
});

test.each([
  ["fr", "fr-BE"],
  ["nl", "nl-BE"],
  ["de", "de-DE"],
  ["en", "en-IE"],
] as const)("amounts in %s read as in %s", (language, locale) => {
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    useGrouping: false,
  });
  for (const cents of [0, 5, 99, 100, 105, 1250, 99_999, TOTAL_CENTS_MAX]) {
    const expected = format
      .format(cents / 100)
      .replace(/[\u00a0\u202f]/g, " ")
      .replace("€", "\x80");
    expect(moneyText(wordsOf(language), cents)).toBe(expected);
  }
});
