// Months and midnights on the school's wall, in Brussels.

const WALL = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Brussels",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  hourCycle: "h23",
});

/** The midnight with which a day begins, in seconds since 1970; month counts from 1, and may be 13. */
export function midnightOf(year: number, month: number, day: number): number {
  const utc = Date.UTC(year, month - 1, day) / 1000;
  // Clocks change at 01:00 UTC: an hour before midnight UTC the offset is that of the wall's midnight.
  return utc - offsetAt(utc - 3600);
}

/** The moment after a month's last second; month as 202611. */
export function endOfMonth(month: number): number {
  return midnightOf(Math.floor(month / 100), (month % 100) + 1, 1);
}

/** 202611 for any moment of November 2026. */
export function monthOf(seconds: number): number {
  const { year, month } = wallOf(seconds);
  return year * 100 + month;
}

export function nextMonth(month: number): number {
  return month % 100 === 12 ? month + 89 : month + 1;
}

/** The midnight after a last day, "2026-11-23"; 0 for "", no end; undefined for what is no day. */
export function endIn(lastDay: string): number | undefined {
  if (!lastDay) return 0;
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(lastDay) ?? [];
  const isDay = new Date(lastDay + "T00:00:00Z").toJSON()?.startsWith(lastDay) ?? false;
  return year && isDay ? midnightOf(Number(year), Number(month), Number(day) + 1) : undefined;
}

function offsetAt(seconds: number): number {
  const { year, month, day, hour, minute, second } = wallOf(seconds);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
}

function wallOf(seconds: number) {
  const parts = WALL.formatToParts(seconds * 1000);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day] = [of("year"), of("month"), of("day")];
  return { year, month, day, hour: of("hour"), minute: of("minute"), second: of("second") };
}
