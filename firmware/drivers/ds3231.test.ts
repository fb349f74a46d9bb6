// Goal: the time comes back as it was set, and is not believed when it cannot be. Method: transcripts of the bus against
// a chip of sixteen registers, from the register map of the data sheet (Maxim 19-5170 rev 10, table 1).

import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { readClock, writeClock } from "./ds3231.ts";

/** A chip whose oscillator has just started, and what was said on its bus. */
function chip(registers: number[] = []) {
  const memory = new Uint8Array(19);
  memory[0x0f] = 0x88;
  memory.set(registers);
  const said: string[] = [];
  return {
    memory,
    said,
    read(address: number, length: number) {
      const data = memory.slice(address, address + length);
      said.push(`read ${address}: ${toHex(data)}`);
      return data;
    },
    write(data: Uint8Array) {
      said.push(`write ${toHex(data)}`);
      memory.set(data.subarray(1), data[0]);
    },
  };
}

test("12:00:05 of Monday 23 November 2026, UTC, register by register", () => {
  const bus = chip();
  expect(readClock(bus)).toEqual({ ok: false, fault: "clock-stopped" });
  writeClock(bus, Date.UTC(2026, 10, 23, 12, 0, 5) / 1000);
  expect(bus.said.slice(1)).toEqual(["write 0005001202231126", "read 15: 88", "write 0f08"]);
  expect(readClock(bus)).toEqual({ ok: true, seconds: Date.UTC(2026, 10, 23, 12, 0, 5) / 1000 });
});

test("any second of the century comes back", () => {
  const first = Date.UTC(2000, 0, 1) / 1000;
  const last = Date.UTC(2099, 11, 31, 23, 59, 59) / 1000;
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (seconds) => {
      const bus = chip();
      writeClock(bus, seconds);
      expect(readClock(bus)).toEqual({ ok: true, seconds });
    }),
  );
});

test.each([
  ["31 February", [0, 0, 0x12, 1, 0x31, 0x02, 0x26]],
  ["61 seconds", [0x61, 0, 0x12, 1, 0x01, 0x02, 0x26]],
  ["digits beyond nine", [0x0f, 0, 0x12, 1, 0x01, 0x02, 0x26]],
  ["twelve-hour mode", [0, 0, 0x52, 1, 0x01, 0x02, 0x26]],
  ["another century", [0, 0, 0x12, 1, 0x01, 0x82, 0x26]],
])("%s is no time", (_, registers) => {
  const bus = chip(registers);
  bus.memory[0x0f] = 0;
  expect(readClock(bus)).toEqual({ ok: false, fault: "clock-garbled" });
});

function nobody(): never {
  throw new Error("i2c: no answer");
}

test("a box without the chip goes on without", () => {
  const bus = { read: nobody, write: nobody };
  expect(readClock(bus)).toEqual({ ok: false, fault: "no-clock" });
  writeClock(bus, 1_795_431_600);
});

test("a time before or after its century is not written", () => {
  const bus = chip();
  writeClock(bus, 0);
  writeClock(bus, Date.UTC(2100, 0, 1) / 1000);
  expect(bus.said).toEqual([]);
});
