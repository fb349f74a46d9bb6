// What a box on a counter must offer the terminal. Each boards/ file gives these parts for one kind of box:
// an ESP32 under Espruino, Espruino on Linux, or the simulator in Node. Nothing else in firmware/ knows a pin.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import type { ClockBus } from "./drivers/ds3231.ts";

/** A region of NOR flash: erasing a page sets all its bits, writing can only clear bits.
 * Offsets and lengths given to write are multiples of 4; any operation may be the last before a power cut. */
export type FlashRegion = {
  pageBytes: number;
  pages: number;
  read(offset: number, length: number): Bytes;
  write(offset: number, data: Bytes): void;
  erase(page: number): void;
};

export type FlashRegions = {
  journal: FlashRegion;
  burn: FlashRegion;
  points: FlashRegion;
  state: FlashRegion;
  roster: FlashRegion;
};

/** A connection the board has opened; write takes bytes, close may be called twice. */
export type Socket = { write(data: Bytes): void; close(): void };
export type SocketEvents = { onOpen(): void; onData(data: Bytes): void; onClose(): void };

export type Board = Primitives & {
  /** The PN532 on its UART at 115,200 baud, and its RSTPD_N line (low holds it in reset). */
  nfc: {
    write(data: Bytes): void;
    onData(listener: (data: Bytes) => void): void;
    reset(low: boolean): void;
  };
  /** One I2C write to the SSD1306 or SSD1309: control byte, then commands or pixels. */
  display: { write(data: Bytes): void };
  /** Listener gets the number of each key as it goes down, bounce removed; KEYS in keys.ts names them. */
  keys: { onKey(listener: (key: number) => void): void };
  /** Sounds a passive buzzer; hz 0 is silence. */
  tone(hz: number): void;
  flash: FlashRegions;
  /** Files written at provisioning and never changed; undefined when there is none. */
  files: { read(name: string, offset: number, length: number): Bytes | undefined };
  connect(host: string, port: number, events: SocketEvents): Socket;
  /** Milliseconds since 1970 and whether anyone vouches for it. */
  now(): number;
  clockTrusted(): boolean;
  setClock(milliseconds: number): void;
  after(milliseconds: number, action: () => void): number;
  cancel(timer: number): void;
  sha512(data: Bytes): Bytes;
  /** Espruino's E.convolve: the sum over i of a[i] * b[(i + offset) mod b.length], exact below 2^53. */
  convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number;
  /** 32 bits of the radio's noise, where a box has any; a start must not rest on it. */
  noise?: () => number;
  log(text: string): void;
  restart(): void;
  /** Where the script lies, twice (slots.ts), the version of it that was started, 0 for the one that the office gave the
   * box, and its hash (digestOfFirmware); absent where the loader did not start it. */
  firmware?: { region: FlashRegion; running: number; hash: Bytes };
  /** Restarts the box that was not fed for so many seconds; absent where there is none. */
  watchdog?: { start(seconds: number): void; feed(): void };
  /** A DS3231 that keeps the time while the power is off, where a box has one. */
  rtc?: ClockBus;
  /** Listener is told what nobody caught. */
  onError?(listener: (text: string) => void): void;
  /** Free variables of the interpreter. */
  freeVariables?(): number;
  /** Erases of the flash page erased most since the start. */
  erases?(): number;
};
