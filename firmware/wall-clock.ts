// The time of day as the counter reads it. Obole's schools keep Brussels time: one hour ahead of
// UTC, two from the last Sunday of March to the last Sunday of October, changing at 01:00 UTC
// (Directive 2000/84/EC, articles 2 and 3).

const MARCH = 2;
const OCTOBER = 9;
/** The last Sunday of a month of 31 days is the one from the 25th on. */
const LAST_WEEK = 25;

/** The day on the calendar for seconds since 1970, as days since 1970. */
export function wallDay(seconds: number): number {
  return Math.floor((seconds + hoursAhead(new Date(seconds * 1000)) * 3600) / 86400);
}

/** "12:05" for seconds since 1970. */
export function wallClock(seconds: number): string {
  const utc = new Date(seconds * 1000);
  const hours = (utc.getUTCHours() + hoursAhead(utc)) % 24;
  return twoDigits(hours) + ":" + twoDigits(utc.getUTCMinutes());
}

function hoursAhead(utc: Date): number {
  return isSummer(utc) ? 2 : 1;
}

function isSummer(utc: Date): boolean {
  const month = utc.getUTCMonth();
  if (month !== MARCH && month !== OCTOBER) return month > MARCH && month < OCTOBER;
  const changed = isAfterLastSunday(utc);
  return month === MARCH ? changed : !changed;
}

function isAfterLastSunday(utc: Date): boolean {
  const sunday = utc.getUTCDate() - utc.getUTCDay();
  if (sunday < LAST_WEEK) return false;
  return utc.getUTCDay() > 0 || utc.getUTCHours() >= 1;
}

function twoDigits(number: number): string {
  return number < 10 ? "0" + number : String(number);
}
