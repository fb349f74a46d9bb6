// One box of a simulation: what the school's office makes of it, its flash, whose power may go at any write, its own
// error of the clock, and the board that it offers to the firmware. Timers and sockets of a start end with it.

import type { Board, FlashRegions } from "#firmware/board.ts";
import type { Link } from "#firmware/link.ts";
import type { Machine } from "#firmware/machine.ts";
import type { Memory } from "#firmware/memory.ts";
import { prepareFlash, provisionTerminal } from "#firmware/provision/provision.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { convolve, readFile } from "#sim/board-node.ts";
import type { Nor, PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply, PowerCut } from "#sim/parts/nor.ts";
import { sha512 } from "#sim/primitives.ts";
import type { Broker } from "./broker.ts";
import { ciphers } from "./ciphers.ts";
import type { Clock } from "./clock.ts";
import { Broken } from "./story.ts";

const PAGE_BYTES = 4096;
const SLOTS_PER_PAGE = 128;
const PAGES = { journal: 48, points: 4, state: 12, roster: 8 };

export type BoxOrder = {
  school: string;
  terminal: number;
  epoch: number;
  sealSecret: Bytes;
  nonces: number;
  random: (length: number) => Bytes;
};
/** What a box leaves behind at each new entry: the journal has it from now on. beeped: somebody heard it. */
export type Witness = (box: Box, token: Bytes, beeped: boolean) => void;

/** All that runs while there is power. */
export type Running = { memory: Memory; machine: Machine; link: Link; online: boolean };
export type Box = {
  terminal: number;
  epoch: number;
  publicKey: Bytes;
  flash: FlashRegions & { [region in keyof FlashRegions]: Nor };
  files: { [name: string]: Bytes };
  supply: PowerSupply;
  running: Running | undefined;
  /** Grows with each loss of power: timers of before are void. */
  start: number;
  isReachable: boolean;
  /** Nobody switches it on for so many days. */
  daysOff: number;
  /** Nobody knows where it is: its network stays away. */
  isLost: boolean;
  clock: { startMs: number; offsetMs: number; trusted: boolean };
  wait: number;
  /** Entries that were seen in the journal. */
  seen: number;
  world: BoxWorld;
  log: string[];
  /** What must never be, found where the firmware catches whatever is thrown. */
  broken: Broken | undefined;
};
export type BoxWorld = { clock: Clock; broker: Broker; witness: Witness };

/** A new box from the school's office, switched off. */
export function createBox(order: BoxOrder, world: BoxWorld): Box {
  const made = provisionTerminal({ ...order, broker: { host: "broker", port: 1883 } });
  const supply = createPowerSupply();
  const region = (pages: number): Nor => createNor({ pageBytes: PAGE_BYTES, pages }, supply);
  const flash = {
    journal: region(PAGES.journal),
    burn: region(Math.ceil((order.nonces + 1) / SLOTS_PER_PAGE)),
    points: region(PAGES.points),
    state: region(PAGES.state),
    roster: region(PAGES.roster),
  };
  prepareFlash(flash, made.burnMap);
  const { terminal, epoch } = order;
  return {
    terminal,
    epoch,
    publicKey: made.publicKey,
    flash,
    files: { ...made.files },
    supply,
    running: undefined,
    start: 0,
    isReachable: true,
    daysOff: 0,
    isLost: false,
    clock: { startMs: 0, offsetMs: 0, trusted: false },
    wait: -1,
    seen: 0,
    world,
    log: [],
    broken: undefined,
  };
}

export function switchOff(box: Box): void {
  if (!box.running) return;
  box.running = undefined;
  box.start++;
  box.world.broker.cut(box.terminal);
}

/** Lets the box do something while it has power; what it had begun when the power went is cut short. */
export function run(box: Box, action: () => void): void {
  const { start } = box;
  try {
    action();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  if (box.broken) throw box.broken;
  if (box.supply.isOn() || box.start !== start) return;
  box.start++;
  box.running = undefined;
  box.world.broker.cut(box.terminal);
}

export function fail(box: Box, what: string): void {
  box.broken ??= new Broken(what, box.terminal);
  throw box.broken;
}

export function note(box: Box, text: string): void {
  box.log.push(text);
  if (box.log.length > 40) box.log.shift();
}

export function boardOf(box: Box): Board {
  const { world, start } = box;
  const { clock } = world;
  const during = (action: () => void) => (): void => {
    if (box.start === start) run(box, action);
  };
  return {
    ...ciphers,
    sha512,
    convolve,
    nfc: { write: () => undefined, onData: () => undefined, reset: () => undefined },
    display: { write: () => undefined },
    keys: { onKey: () => undefined },
    tone: () => undefined,
    flash: box.flash,
    files: { read: (name, offset, length) => readFile(box.files[name], offset, length) },
    connect(_host, _port, events) {
      if (box.isReachable)
        return world.broker.connect(box.terminal, {
          onOpen: during(() => events.onOpen()),
          onData: (data) => during(() => events.onData(data))(),
          onClose: during(() => events.onClose()),
        });
      clock.after(
        50,
        during(() => events.onClose()),
      );
      return { write: () => undefined, close: () => undefined };
    },
    now: () => clock.now() - box.clock.startMs + box.clock.offsetMs,
    clockTrusted: () => box.clock.trusted,
    setClock(milliseconds) {
      box.clock.offsetMs = milliseconds - (clock.now() - box.clock.startMs);
      box.clock.trusted = true;
    },
    after: (ms, action) => clock.after(ms, during(action)),
    cancel: clock.cancel,
    log: (text) => note(box, text),
    restart: () => void (box.start === start && switchOff(box)),
  };
}
