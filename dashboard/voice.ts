// One language as the pages speak it: its words, its money and its dates. Times are those of the school's clock on the
// wall, whatever the clock of the server.

import type { Language } from "#edge/session.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import type { Texts } from "./texts/fr.ts";
import { fr } from "./texts/fr.ts";
import { nl } from "./texts/nl.ts";

const TIME_ZONE = "Europe/Brussels";

export type Voice = {
  language: Language;
  t: Texts;
  money: (cents: number) => string;
  /** With its sign, plus or minus. */
  change: (cents: number) => string;
  /** Seconds since 1970, here and below. */
  time: (seconds: number) => string;
  /** As short as it is clear on that day: nothing today, the year only when it is another. */
  day: (seconds: number, now: number) => string;
  date: (seconds: number) => string;
  moment: (seconds: number) => string;
  /** How long ago, in the largest unit that fits. */
  ago: (seconds: number, now: number) => string;
};

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

function speak(language: Language, t: Texts): Voice {
  const money = new Intl.NumberFormat(t.locale, { style: "currency", currency: "EUR" });
  const change = new Intl.NumberFormat(t.locale, {
    style: "currency",
    currency: "EUR",
    signDisplay: "exceptZero",
  });
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(t.locale, { ...options, timeZone: TIME_ZONE });
    return (seconds: number) => format.format(seconds * 1000);
  };
  const year = dates({ year: "numeric" });
  const date = dates({ day: "numeric", month: "short", year: "numeric" });
  const dayOfYear = dates({ day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(t.locale, { numeric: "auto" });
  return {
    language,
    t,
    money: (cents) => money.format(cents / 100),
    change: (cents) => change.format(cents / 100),
    time: dates({ hour: "2-digit", minute: "2-digit" }),
    day(seconds, now) {
      if (date(seconds) === date(now)) return "";
      return year(seconds) === year(now) ? dayOfYear(seconds) : date(seconds);
    },
    date,
    moment: dates({ dateStyle: "medium", timeStyle: "medium" }),
    ago(seconds, now) {
      const elapsed = Math.max(0, now - seconds);
      const [unit, size] = UNITS.find((one) => elapsed >= one[1]) ?? ["second", 1];
      return relative.format(-Math.floor(elapsed / size), unit);
    },
  };
}

/** Intl formats are slow to make, so each language is made once. */
const VOICES: Record<Language, Voice> = {
  fr: speak("fr", fr),
  nl: speak("nl", nl),
  de: speak("de", de),
  en: speak("en", en),
};
/** What a visitor chose, before we know who it is. */
export const LANGUAGE_COOKIE = "language";
export const LANGUAGES: Language[] = ["fr", "nl", "de", "en"];

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/** The person's own language, else the one chosen in this browser, else the first of its Accept-Language (RFC 9110
 * section 12.5.4) that we speak, else French. */
export function voiceFor(
  own: Language | undefined,
  chosen: string | undefined,
  accepted: string | undefined,
): Voice {
  if (own) return VOICES[own];
  if (isLanguage(chosen)) return VOICES[chosen];
  const wishes = (accepted ?? "")
    .split(",")
    .map((wish) => {
      const [tag = "", quality] = wish.trim().split(";q=");
      return { language: tag.slice(0, 2).toLowerCase(), quality: Number(quality ?? 1) };
    })
    .filter((wish) => wish.quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  const wish = wishes.find(({ language }) => isLanguage(language));
  return VOICES[isLanguage(wish?.language) ? wish.language : "fr"];
}

/** Midnight of the day of `now` on the school's wall, in seconds since 1970. Looks back from the hour on the wall, then
 * once more, so that the two days a year that change their offset come out right too. */
export function dayStart(now: number): number {
  const guess = now - wallSeconds(now);
  const missed = wallSeconds(guess);
  return missed > 43_200 ? guess + (86_400 - missed) : guess - missed;
}

const WALL = new Intl.DateTimeFormat("en-GB", {
  timeZone: TIME_ZONE,
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  hourCycle: "h23",
});

function wallSeconds(seconds: number): number {
  const parts = WALL.formatToParts(seconds * 1000);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return of("hour") * 3600 + of("minute") * 60 + of("second");
}
