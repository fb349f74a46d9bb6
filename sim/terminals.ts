// A virtual terminal: the built firmware bundle on a board of emulated parts, with hands to lay cards on it, press its
// keys, and switch its network and its power. Power off drops all that is not in flash.

import type { Tune } from "#firmware/screen.ts";
import { TUNES } from "#firmware/drivers/buzzer.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import { chooseFirmware } from "#firmware/loader.ts";
import { firstSlot } from "#firmware/provision/first-slot.ts";
import { readImage, readSlots } from "#firmware/slots.ts";
import { WATCHDOG_SECONDS } from "#firmware/watchdog.ts";
import type { NodeBoard } from "./board-node.ts";
import { createNodeBoard } from "./board-node.ts";
import { runFirmware } from "./firmware-vm.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1 } from "#protocol/bytes.ts";
import type { EmulatedCard } from "./parts/card.ts";
import type { CutMode } from "./parts/nor.ts";
import { pngOf } from "./parts/picture.ts";
import type { Reading } from "./parts/reading.ts";
import { pixelsOf, readDisplay } from "./parts/reading.ts";
import { nodePrimitives } from "./primitives.ts";
import type { TerminalFolder } from "./terminal-folder.ts";
import { openTerminalFolder } from "./terminal-folder.ts";

/** A hand holds the card this long, and longer until the terminal has answered or patience ends. */
const TAP_MS = 400;
const PATIENCE_MS = 3000;
/** After the sound the display is drawn; then the card goes, and the reader needs a few polls to see that. */
const LOOK_MS = 60;
const GONE_MS = 600;
/** A key is heard and drawn within this. */
const KEY_MS = 60;
const LOG_LINES_MAX = 200;

/** What is printed on each key, by its number: "1" to "8", then the names of firmware/keys.ts. */
export const KEYS: string[] = [
  ...Array.from({ length: PRODUCT_KEYS }, (_, i) => String(i + 1)),
  ...CONTROL_KEYS,
];

export type TerminalOptions = {
  id: number;
  /** What people call the counter: "Réfectoire". */
  label: string;
  /** Paper labels beside the product keys, in their order: "Potage". */
  products?: string[];
  /** See terminal-folder.ts. */
  folder: string;
  /** The bundle: buildFirmware().code. */
  code: string;
  /** Where the broker really is, when it is not where provisioning wrote. */
  broker?: { host: string; port: number };
};

/** What a person at the counter knows: switches, display, and what it last said. */
export type TerminalState = Reading & {
  id: number;
  label: string;
  products: string[];
  powered: boolean;
  network: boolean;
};

/** heard: the tune that answered the tap; undefined when it stayed silent. */
export type TapResult = TerminalState & { heard: Tune | undefined };

export type Watcher = { onDisplay?(): void; onTone?(hz: number): void };

export type VirtualTerminal = {
  id: number;
  label: string;
  /** One card after the other, as in a queue of people. */
  tap(card: EmulatedCard): Promise<TapResult>;
  /** The number of a key in KEYS. */
  key(key: number): Promise<TerminalState>;
  network(up: boolean): void;
  power(on: boolean): void;
  /** Lets so many writes and erases of flash pass and takes the power away at the next. */
  cutPowerAfter(operations: number, mode: CutMode): void;
  state(): TerminalState;
  /** What glows, as the firmware draws it: 8 pages of 128 columns, the lowest bit on top. */
  pixels(): Bytes;
  png(scale: number): Buffer;
  /** What the firmware logged, the newest last. */
  log(): string[];
  /** Tells of each change of display and of each sound, until the function given back is called. */
  watch(watcher: Watcher): () => void;
  /** Power off for good; may be called twice. */
  close(): void;
};

type Machine = {
  options: TerminalOptions;
  folder: TerminalFolder;
  watchers: Set<Watcher>;
  lines: string[];
  /** There is none while the power is off. */
  box: NodeBoard | undefined;
  network: boolean;
};

const DARK = { pixel: () => 0 };

/** Opens the folder and switches the power on. */
export function createTerminal(options: TerminalOptions): VirtualTerminal {
  const machine: Machine = {
    options,
    folder: openTerminalFolder(options.folder),
    watchers: new Set(),
    lines: [],
    box: undefined,
    network: true,
  };
  installScript(machine);
  const { watchers } = machine;
  const display = () => machine.box?.display ?? DARK;
  let queue: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  powerOn(machine);
  return {
    id: options.id,
    label: options.label,
    tap(card) {
      const result = queue.then(() => tapCard(machine, card));
      queue = result;
      return result;
    },
    async key(key) {
      if (KEYS[key] === undefined) throw new Error(`terminal: no key ${key}`);
      machine.box?.press(key);
      await delay(KEY_MS);
      return stateOf(machine);
    },
    network(up) {
      machine.network = up;
      machine.box?.setNetwork(up);
      tellDisplay(machine);
    },
    power(on) {
      if (on && !machine.box && !isClosed) powerOn(machine);
      else if (!on) powerOff(machine);
    },
    cutPowerAfter: (operations, mode) => machine.folder.supply.cutAfter(operations, mode),
    state: () => stateOf(machine),
    pixels: () => pixelsOf(display()),
    png: (scale) => pngOf(display(), scale),
    log: () => [...machine.lines],
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      powerOff(machine);
      machine.folder.close();
    },
  };
}

/** As the office flashes a box: its own script into the first slot. A firmware that came over the air since stays. */
function installScript({ options, folder }: Machine): void {
  const { sha256 } = nodePrimitives;
  if (readSlots(folder.firmware, sha256).some((slot) => slot.version)) return;
  const { region } = readSlots(folder.firmware, sha256)[0];
  const image = firstSlot(sha256, fromLatin1(options.code));
  for (let page = 0; page * region.pageBytes < image.length; page++) region.erase(page);
  region.write(0, image);
}

function powerOn(machine: Machine): void {
  const { folder, watchers } = machine;
  folder.supply.restore();
  // What the loader does on a box (firmware/boards/boot.ts).
  const { slot, waitMs } = chooseFirmware(folder.firmware, nodePrimitives.sha256);
  if (!slot) throw new Error("terminal: neither slot holds a firmware that may start");
  const code = Buffer.from(readImage(slot, 0, slot.bytes)).toString("latin1");
  const box = createNodeBoard({
    flash: folder.flash,
    files: folder.files,
    firmware: { region: folder.firmware, running: slot.version, hash: slot.hash },
    erases: () => Math.max(...Object.values(folder.flash).flatMap(({ wear }) => [...wear])),
    network: machine.network,
    broker: machine.options.broker,
    onTone: (hz) => watchers.forEach((watcher) => watcher.onTone?.(hz)),
    onDisplay: () => tellDisplay(machine),
    hasPower: () => folder.supply.isOn(),
    onPowerLost: () => powerOff(machine),
    onRestart: () => void setImmediate(() => restart(machine, box)),
    log(text) {
      machine.lines.push(text);
      if (machine.lines.length > LOG_LINES_MAX) machine.lines.shift();
    },
  });
  machine.box = box;
  // A script that dies before it can start the watchdog must not stay dead.
  box.board.watchdog?.start(WATCHDOG_SECONDS);
  const start = (): void => box.run(() => runFirmware(code, box.board));
  if (waitMs) box.board.after(waitMs, start);
  else start();
}

function powerOff(machine: Machine): void {
  machine.box?.powerOff();
  machine.box = undefined;
  tellDisplay(machine);
}

function restart(machine: Machine, box: NodeBoard): void {
  if (machine.box !== box) return; // somebody was quicker with the switch
  powerOff(machine);
  powerOn(machine);
}

function tellDisplay({ watchers }: Machine): void {
  watchers.forEach((watcher) => watcher.onDisplay?.());
}

function stateOf({ options, box, network }: Machine): TerminalState {
  return {
    id: options.id,
    label: options.label,
    products: options.products ?? [],
    powered: box !== undefined,
    network,
    ...readDisplay(box?.display ?? DARK),
  };
}

async function tapCard(machine: Machine, card: EmulatedCard): Promise<TapResult> {
  const answer = listen(machine.watchers);
  const field = machine.box?.nfc;
  field?.place(card);
  const [heard] = await Promise.all([answer, delay(TAP_MS)]);
  await delay(LOOK_MS);
  const seen = { ...stateOf(machine), heard };
  field?.take(card);
  await delay(GONE_MS);
  return seen;
}

/** The first tune that is an answer to a card; undefined after PATIENCE_MS of silence. */
function listen(watchers: Set<Watcher>): Promise<Tune | undefined> {
  return new Promise((resolve) => {
    const end = (tune: Tune | undefined): void => {
      watchers.delete(watcher);
      clearTimeout(timer);
      resolve(tune);
    };
    const watcher: Watcher = {
      onTone(hz) {
        const tune = ANSWERS.find((answer) => TUNES[answer][0]?.hz === hz);
        if (tune) end(tune);
      },
    };
    const timer = setTimeout(() => end(undefined), PATIENCE_MS);
    watchers.add(watcher);
  });
}

const ANSWERS: Tune[] = ["accepted", "refused", "retry"];

function delay(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
