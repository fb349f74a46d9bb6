// Days of the school's calendar, as the browser's date fields write them: days since 1970.

import type { Voice } from "../voice.ts";

const DAY_SECONDS = 86_400;

/** "2026-11-24"; 0 when it is no day. */
export function dayIn(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? 0 : ms / (DAY_SECONDS * 1000);
}

export function dayText(day: number): string {
  return new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
}

/** By its noon: no change of clocks makes another day of it. */
export function spokenDay(day: number, voice: Voice): string {
  return voice.date(day * DAY_SECONDS + DAY_SECONDS / 2);
}
