// Goal: money and time are written as each language writes them, and the school's day begins at its own midnight.
// Method: tables; the two days a year that change their offset are in them.

import { expect, test } from "vitest";
import { dayStart, voiceFor } from "./voice.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test.each([
  ["fr", "1 234,50 €", "-2,00 €"],
  ["nl", "€ 1.234,50", "€ -2,00"],
  ["de", "1.234,50 €", "-2,00 €"],
  ["en", "€1,234.50", "-€2.00"],
] as const)("money in %s", (language, amount, minus) => {
  const voice = voiceFor(language, undefined, undefined);
  expect([plain(voice.money(123450)), plain(voice.change(-200))]).toEqual([amount, minus]);
});

test.each([
  ["the person's own", "nl", "de", "en", "nl"],
  ["the one chosen in the browser", undefined, "de", "en", "de"],
  ["the first that both speak", undefined, undefined, "it-IT,nl-BE;q=0.4,en-GB;q=0.9", "en"],
  ["not one that is refused", undefined, undefined, "de;q=0,nl;q=0.1", "nl"],
  ["French for all others", undefined, "xx", "it,*", "fr"],
  ["French for a header of rubbish", undefined, undefined, ";;q=,,==", "fr"],
] as const)("the language is %s", (_, own, chosen, accepted, expected) => {
  expect(voiceFor(own, chosen, accepted).language).toBe(expected);
});

test.each([
  ["a winter noon", "2026-11-23T11:00:00Z", "2026-11-22T23:00:00Z"],
  ["a summer noon", "2026-07-01T10:00:00Z", "2026-06-30T22:00:00Z"],
  ["midnight itself", "2026-11-22T23:00:00Z", "2026-11-22T23:00:00Z"],
  ["a second before midnight", "2026-11-22T22:59:59Z", "2026-11-21T23:00:00Z"],
  ["noon of the day that loses an hour", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z"],
  ["noon of the day that gains an hour", "2026-10-25T11:00:00Z", "2026-10-24T22:00:00Z"],
  ["the second 2:30 of that day", "2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z"],
])("at %s the day began at Brussels' midnight", (_, now, midnight) => {
  expect(new Date(dayStart(Date.parse(now) / 1000) * 1000).toISOString()).toBe(
    midnight.replace("Z", ".000Z"),
  );
});

test.each([
  [0, "maintenant"],
  [59, "il y a 59 secondes"],
  [60, "il y a 1 minute"],
  [7200, "il y a 2 heures"],
  [200_000, "avant-hier"],
])("%d seconds ago reads %j", (seconds, words) => {
  const voice = voiceFor("fr", undefined, undefined);
  expect(plain(voice.ago(1_000_000 - seconds, 1_000_000))).toBe(words);
});

test.each([
  ["2026-11-23T07:00:00Z", ""],
  ["2026-11-22T22:30:00Z", "22 nov."],
  ["2026-01-05T11:00:00Z", "5 janv."],
  ["2025-12-31T11:00:00Z", "31 déc. 2025"],
])("at noon of 23 November 2026 the day of %s is written %j", (moment, words) => {
  const now = Date.parse("2026-11-23T11:00:00Z") / 1000;
  const voice = voiceFor("fr", undefined, undefined);
  expect(plain(voice.day(Date.parse(moment) / 1000, now))).toBe(words);
});
