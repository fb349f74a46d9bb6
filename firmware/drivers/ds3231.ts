// The DS3231 real-time clock (Maxim 19-5170 rev 10) on the display's I2C bus: keeps the time through a power cut, so a
// terminal without network need not call it suspect. It is believed only while its oscillator has never stopped.

import type { Bytes } from "#protocol/bytes.ts";

/** Registers from address on; data to write begins with the address. Either throws when no chip answers. */
export type ClockBus = { read(address: number, length: number): Bytes; write(data: Bytes): void };

export type ClockFault = "no-clock" | "clock-stopped" | "clock-garbled";
export type ClockReading = { ok: true; seconds: number } | { ok: false; fault: ClockFault };

/** Table 1: 00h to 06h are the time in BCD, 0Fh is the status. */
const TIME = 0x00;
const TIME_BYTES = 7;
const STATUS = 0x0f;
/** OSF: the oscillator is stopped or was stopped for some time; cleared by writing 0. */
const STOPPED = 0x80;
/** Bit 6 of the hours: 12-hour mode, which this driver never sets; bit 7 of the month: another century. */
const TWELVE_HOURS = 0x40;
const CENTURY = 0x80;
const CENTURY_START = 2000;
const CENTURY_END = 2100;
/** Days from 1 January 1970 to 1 March 2000. */
const DAYS_TO_MARCH_2000 = 11017;
const MS = 1000;

/** Seconds since 1970, UTC. */
export function readClock(bus: ClockBus): ClockReading {
  try {
    const status = bus.read(STATUS, 1)[0] as number;
    if (status & STOPPED) return { ok: false, fault: "clock-stopped" };
    return decodeTime(bus.read(TIME, TIME_BYTES));
  } catch {
    return { ok: false, fault: "no-clock" };
  }
}

function decodeTime(time: Bytes): ClockReading {
  const hours = time[2] as number;
  const month = time[5] as number;
  const garbled: ClockReading = { ok: false, fault: "clock-garbled" };
  if (hours & TWELVE_HOURS || month & CENTURY) return garbled;
  const days = daysTo(CENTURY_START + fromBcd(time[6]), fromBcd(time[5]), fromBcd(time[4]));
  const minutes = (days * 24 + fromBcd(hours)) * 60 + fromBcd(time[1]);
  const seconds = minutes * 60 + fromBcd(time[0]);
  // 31 February is read as March: what does not come back as it was is no date.
  const again = encodeTime(seconds).subarray(1);
  for (let i = 0; i < TIME_BYTES; i++) if (i !== 3 && again[i] !== time[i]) return garbled;
  return { ok: true, seconds: seconds };
}

/** Days from 1970 to a date between 2000 and 2099, in which every fourth year is a leap year. The year is taken to begin in
 * March, so that the odd day is its last. */
function daysTo(year: number, month: number, day: number): number {
  const late = month > 2 ? 0 : 1;
  const fromMarch = month - 3 + 12 * late;
  const monthDays = ((153 * fromMarch + 2) / 5) | 0;
  const years = year - late - CENTURY_START;
  return DAYS_TO_MARCH_2000 + 365 * years + Math.floor(years / 4) + monthDays + day - 1;
}

/** Sets the time and says that the oscillator runs from now on. Does nothing beyond the century that the chip counts. */
export function writeClock(bus: ClockBus, seconds: number): void {
  const year = new Date(seconds * MS).getUTCFullYear();
  if (year < CENTURY_START || year >= CENTURY_END) return;
  try {
    bus.write(encodeTime(seconds));
    const status = bus.read(STATUS, 1)[0] as number;
    bus.write(new Uint8Array([STATUS, status & ~STOPPED]));
  } catch {
    // A box without the chip, or a chip that has died: the clock of the processor goes on.
  }
}

function encodeTime(seconds: number): Bytes {
  const date = new Date(seconds * MS);
  return new Uint8Array([
    TIME,
    toBcd(date.getUTCSeconds()),
    toBcd(date.getUTCMinutes()),
    toBcd(date.getUTCHours()),
    date.getUTCDay() + 1,
    toBcd(date.getUTCDate()),
    toBcd(date.getUTCMonth() + 1),
    toBcd(date.getUTCFullYear() - CENTURY_START),
  ]);
}

function toBcd(number: number): number {
  return (((number / 10) | 0) << 4) | (number % 10);
}

function fromBcd(byte: number | undefined): number {
  const bcd = byte || 0;
  return (bcd >> 4) * 10 + (bcd & 15);
}
