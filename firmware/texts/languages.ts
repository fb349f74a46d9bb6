// The words in the language of the till, and amounts as that language writes them.

import type { Till } from "#protocol/downlink.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { nl } from "./nl.ts";
import type { Words } from "./words.ts";

type Language = Till["language"];

/** Functions, because each language takes 40 of the interpreter's variables, and 450 with all its messages: only the one in use is
 * in memory. */
export const LANGUAGES: { [language in Language]: () => Words } = {
  fr: fr,
  nl: nl,
  de: de,
  en: en,
};

let inUse: { language: Language; words: Words } | undefined;

export function wordsOf(language: Language): Words {
  if (!inUse || inUse.language !== language)
    inUse = { language: language, words: LANGUAGES[language]() };
  return inUse.words;
}

/** An amount of cents from 0 up as people read it: "12,05 EUR" with the sign of the euro. */
export function moneyText(words: Words, cents: number): string {
  const rest = cents % 100;
  return (
    words.money.before +
    (cents - rest) / 100 +
    words.money.decimal +
    (rest < 10 ? "0" : "") +
    rest +
    words.money.after
  );
}
