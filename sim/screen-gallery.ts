// Every screen that people meet at the counter, by the events that lead to it: for the golden
// pictures of firmware/screens.test.ts, and for whoever wants to look at them larger.

import type { Refusal } from "#firmware/reasons.ts";
import { FAULTS } from "#firmware/reasons.ts";
import type { Screen } from "#firmware/screen.ts";
import { screenOf } from "#firmware/screens.ts";
import type { Event, State } from "#firmware/state.ts";
import { step } from "#firmware/terminal.ts";
import { fr } from "#firmware/texts/fr.ts";
import { fromLatin1 } from "#protocol/bytes.ts";
import type { Till } from "#protocol/downlink.ts";
import {
  NOON,
  badge,
  catalogue,
  gone,
  lina as student,
  offState,
  press,
  productKey,
  report,
  sandwich,
  soup,
  tap,
  timeout,
} from "./counter-story.ts";

type Language = Till["language"];

const MILK = 1 << 6;
const lina = { ...student, name: fromLatin1("Lina Lambert") };
const products = {
  1: { ...soup, name: fromLatin1("Potage du jour") },
  2: { ...sandwich, name: fromLatin1("Jambon-fromage"), allergens: MILK },
};
const order = {
  order: 5,
  student: 17,
  collected: false,
  lines: [
    { product: 2, quantity: 1 },
    { product: 1, quantity: 2 },
  ],
};
const balance = { cents: 1450, heardAt: NOON - 1200 };

const at = (state: State, ...events: Event[]): Screen =>
  screenOf(events.reduce((now, event) => step(now, event).state, state));

function started(language: Language, soupNumber: number, wantsBadge = false): State {
  const till = { ...catalogue.till, language, soup: soupNumber, badge: wantsBadge };
  const told: Event = { kind: "catalogue", catalogue: { version: 4, till, products } };
  return [told, { kind: "start" } as const, report({})].reduce(
    (now: State, event) => step(now, event).state,
    offState,
  );
}

/** The day of a counter, in the order in which it goes. */
export function counterScreens(language: Language): [string, Screen][] {
  const ready = started(language, 1);
  const offline = report({ online: false, unsent: 12, oldest: NOON - 1500 });
  const bought = [tap(lina), gone];
  return [
    ["closed for a badge", at(started(language, 1, true))],
    ["soup", at(ready)],
    ["soup, offline", at(ready, offline)],
    ["choose", at(started(language, 0))],
    ["basket", at(ready, productKey(1), productKey(2), press("plus"))],
    ["paying", at(ready, productKey(2), press("ok"))],
    ["asking", at(ready, tap(lina, { leaseCents: 0 }))],
    ["thanks", at(ready, ...bought)],
    ["balance", at(ready, ...bought, tap(lina, { balance }))],
    ["balance, offline", at(ready, offline, ...bought, tap(lina, { balance }))],
    ["balance, unknown", at(ready, offline, ...bought, tap(lina))],
    ["warned", at(ready, productKey(2), press("ok"), tap({ ...lina, allergens: MILK }))],
    ["void", at(ready, ...bought, press("void"))],
    ["voided", at(ready, ...bought, press("void"), press("ok"))],
    ["collect", at(ready, press("collect"))],
    ["hand over", at(ready, press("collect"), tap(lina, { orders: [order] }))],
    ["close", at(ready, press("shift"))],
    ["closed", at(ready, press("shift"), press("ok"))],
    ["closed by badge", at(started(language, 1, true), tap(badge), gone, timeout, tap(badge))],
    ["largest", at(ready, ...bought, tap(lina, { balance: { ...balance, cents: 1_000_000 } }))],
  ];
}

export function refusalScreens(language: Language): [string, Screen][] {
  const ready = started(language, 1);
  const reasons = Object.keys(fr().refusals()) as Refusal[];
  // An allergen is a warning, with the name of its product: among the screens of the counter.
  const shown = reasons.filter((reason) => reason !== "allergen");
  return shown.map((reason) => {
    const notice = { kind: "refused" as const, reason };
    const phase = { at: "notice" as const, notice, next: "choosing" as const, card: undefined };
    return [reason, screenOf({ ...ready, phase })];
  });
}

export function troubleScreens(language: Language): [string, Screen][] {
  const ready = started(language, 1);
  return [
    ...FAULTS.map((fault): [string, Screen] => [fault, at(ready, { kind: "fault", fault })]),
    ["no-nonces", at(ready, report({ nonces: 1 }))],
    ["journal-full", at(ready, report({ room: 1, unsent: 812, oldest: NOON - 200_000 }))],
    ["no-prices", at({ ...ready, catalogue: undefined })],
  ];
}
