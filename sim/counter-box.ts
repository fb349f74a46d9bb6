// A whole terminal on a table, from its source: emulated reader, display and flash, a broker played
// packet by packet with the gateway behind it, and time that a test moves by hand. Power off drops
// all that is not in flash.

import type { Board } from "#firmware/board.ts";
import { startTerminal } from "#firmware/main.ts";
import type { TerminalOrder } from "#firmware/provision/provision.ts";
import { prepareFlash, provisionTerminal } from "#firmware/provision/provision.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import { convolve, readFile } from "./board-node.ts";
import { createGatewayEnd, EPOCH, SCHOOL, SECRET, TERMINAL } from "./link-story.ts";
import { createManualTimers } from "./manual-timers.ts";
import { ntagCard } from "./parts/card.ts";
import type { Failing } from "./parts/failing.ts";
import { NoMemory, createFailing } from "./parts/failing.ts";
import type { Nor, PowerSupply } from "./parts/nor.ts";
import { createNor, createPowerSupply, PowerCut } from "./parts/nor.ts";
import type { EmulatedPn532 } from "./parts/pn532.ts";
import { createEmulatedPn532 } from "./parts/pn532.ts";
import { readDisplay } from "./parts/reading.ts";
import type { EmulatedDisplay } from "./parts/ssd1306.ts";
import { createEmulatedDisplay } from "./parts/ssd1306.ts";
import { nodePrimitives, sha512 } from "./primitives.ts";
import { createScriptedBroker } from "./scripted-broker.ts";

/** A card lies on the reader this long, and is away this long before the next. */
const TAP_MS = 400;
const AWAY_MS = 700;
/** The sound of an accepted sale (drivers/buzzer.ts). */
const ACCEPTED_HZ = 2600;

export type CounterBox = ReturnType<typeof createCounterBox>;

const PAGES = { journal: 16, burn: 4, points: 4, state: 16, roster: 10 };
const PAGE_BYTES = 4096;
const FIRMWARE_PAGES = 9;
const ORDER = {
  school: SCHOOL,
  terminal: TERMINAL,
  epoch: EPOCH,
  sealSecret: SECRET,
  broker: { host: "broker", port: 1883 },
  nonces: 400,
};

/** sizes: pages of the regions, where a test wants others. */
export function createCounterBox(sizes: Partial<typeof PAGES> = {}, order: TerminalOrder = ORDER) {
  const timers = createManualTimers();
  const supply = createPowerSupply();
  const flash = createFlash({ ...PAGES, ...sizes }, supply);
  const provisioned = provisionTerminal(order);
  prepareFlash(flash, provisioned.burnMap);
  const scripted = createScriptedBroker();
  const parts: Parts = {
    firmware: createNor({ pageBytes: PAGE_BYTES, pages: FIRMWARE_PAGES }, supply),
    timers,
    supply,
    flash,
    files: { ...provisioned.files },
    broker: scripted,
    broken: { display: false, reader: false },
    failing: createFailing(),
  };
  let box = switchOn(parts);
  return {
    ...parts,
    publicKey: provisioned.publicKey,
    gateway: createGatewayEnd(scripted),
    log: () => box.log,
    fedAtMs: () => box.fedAtMs,
    tellError: (text: string) => box.run(() => box.tellError(text)),
    /** The chip of the reader, to be given cards and faults. */
    nfc: () => box.nfc,
    see: () => readDisplay(box.display),
    /** Frequencies sounded since the last look. */
    hear: () => box.tones.splice(0).filter((hz) => hz > 0),
    heardAccepted: () => box.tones.splice(0).includes(ACCEPTED_HZ),
    wait: (ms: number) => timers.advance(ms),
    press(...keys: number[]) {
      for (const key of keys) box.run(() => box.key(key));
    },
    lay(of: RosterRecord) {
      const card = ntagCard(of.card);
      box.nfc.place(card);
      timers.advance(TAP_MS);
      return () => {
        box.nfc.take(card);
        timers.advance(AWAY_MS);
      };
    },
    /** Lays a card, reads the display, takes it away. */
    tap(of: RosterRecord): string {
      const lift = this.lay(of);
      const seen = this.see().big;
      lift();
      return seen;
    },
    /** Puts the terminal in reach of its broker, or out of it; an open connection stays open. */
    reach: (up: boolean) => void (box.network = up),
    connect() {
      const count = scripted.connections.length;
      box.network = true;
      while (scripted.connections.length === count) timers.advance(100);
      scripted.comeUp(false);
      timers.advance(100);
    },
    disconnect() {
      box.network = false;
      scripted.current().events.onClose();
      timers.advance(100);
    },
    power(on: boolean) {
      box.on = false;
      supply.restore();
      if (on) box = switchOn(parts);
    },
    isOn: () => box.on,
  };
}

function createFlash(pages: typeof PAGES, supply: PowerSupply) {
  const region = (count: number) => createNor({ pageBytes: PAGE_BYTES, pages: count }, supply);
  return {
    journal: region(pages.journal),
    burn: region(pages.burn),
    points: region(pages.points),
    state: region(pages.state),
    roster: region(pages.roster),
  };
}

type Parts = {
  timers: ReturnType<typeof createManualTimers>;
  supply: ReturnType<typeof createPowerSupply>;
  flash: { [region in keyof Board["flash"]]: Nor };
  /** Two slots for newer scripts; this terminal itself always runs from source. */
  firmware: Nor;
  files: { [name: string]: Bytes };
  broken: { display: boolean; reader: boolean };
  failing: Failing;
  broker: ReturnType<typeof createScriptedBroker>;
};

type Box = {
  on: boolean;
  network: boolean;
  key: (key: number) => void;
  tones: number[];
  log: string[];
  /** When the watchdog was last fed. */
  fedAtMs: number;
  /** What the interpreter does with an error that nobody caught. */
  tellError: (text: string) => void;
  display: EmulatedDisplay;
  nfc: EmulatedPn532;
  run(action: () => void): void;
};

function switchOn(parts: Parts): Box {
  const box: Box = {
    on: true,
    network: false,
    key: noKey,
    tones: [],
    log: [],
    fedAtMs: 0,
    tellError: () => undefined,
    display: createEmulatedDisplay(),
    nfc: createEmulatedPn532((ms, action) => void parts.timers.after(ms, () => run(action))),
    run,
  };
  /** Runs the terminal's code while there is power. */
  function run(action: () => void): void {
    if (!box.on) return;
    try {
      action();
    } catch (error) {
      // What nobody catches goes to the console, and the interpreter waits for the next event.
      if (error instanceof NoMemory) box.tellError(error.message);
      else if (!(error instanceof PowerCut)) throw error;
    }
    if (!parts.supply.isOn()) box.on = false;
  }
  run(() => startTerminal(boardOf(parts, box)));
  return box;
}

function noKey(key: number): void {
  throw new Error(`box: key ${key} before anyone listens`);
}

/** The clock begins at 1970 with each power-up, and nobody vouches for it until it is set. */
function boardOf(parts: Parts, box: Box): Board {
  const startMs = parts.timers.now();
  const clock = { offsetMs: 0, trusted: false };
  const nowMs = (): number => parts.timers.now() - startMs + clock.offsetMs;
  const fragile = parts.failing.fragile;
  return {
    ...fragile({
      ...nodePrimitives,
      sha512,
      convolve,
    }),
    nfc: fragile({
      write: (data: Bytes) => void (parts.broken.reader || box.nfc.write(data)),
      onData: box.nfc.onData,
      reset: box.nfc.reset,
    }),
    display: fragile({
      write(data: Bytes) {
        if (parts.broken.display) throw new Error("i2c: no answer");
        box.display.write(data);
      },
    }),
    keys: { onKey: (listener) => void (box.key = listener) },
    // What has no power makes no sound.
    ...fragile({
      tone: (hz: number) => void (parts.supply.isOn() && box.tones.push(hz)),
      after: (ms: number, action: () => void) => parts.timers.after(ms, () => box.run(action)),
    }),
    flash: {
      journal: fragile(parts.flash.journal),
      burn: fragile(parts.flash.burn),
      points: fragile(parts.flash.points),
      state: fragile(parts.flash.state),
      roster: fragile(parts.flash.roster),
    },
    files: { read: (name, offset, length) => readFile(parts.files[name], offset, length) },
    connect(host, port, events) {
      if (box.network)
        return parts.broker.connect(host, port, {
          onOpen: () => box.run(() => events.onOpen()),
          onData: (data) => box.run(() => events.onData(data)),
          onClose: () => box.run(() => events.onClose()),
        });
      parts.timers.after(50, () => box.run(() => events.onClose()));
      return { write: () => undefined, close: () => undefined };
    },
    now: nowMs,
    clockTrusted: () => clock.trusted,
    setClock(milliseconds) {
      clock.offsetMs = milliseconds - (parts.timers.now() - startMs);
      clock.trusted = true;
    },
    cancel: parts.timers.cancel,
    log: (text) => void box.log.push(text),
    restart: () => void (box.on = false),
    firmware: { region: parts.firmware, running: 0, hash: new Uint8Array(32) },
    watchdog: {
      start: () => void (box.fedAtMs = parts.timers.now()),
      feed: () => void (box.fedAtMs = parts.timers.now()),
    },
    onError: (listener) => void (box.tellError = listener),
  };
}
