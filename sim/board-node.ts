// The box on the counter in Node, from parts that speak bytes: PN532, SSD1306, NOR flash, sockets a switch can cut,
// a clock that forgets the time with the power. Like Espruino, it logs what a callback throws and goes on.

import type { Socket as NetSocket } from "node:net";
import { connect } from "node:net";
import type { Board, FlashRegions, Socket, SocketEvents } from "#firmware/board.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { EmulatedPn532 } from "./parts/pn532.ts";
import { createEmulatedPn532 } from "./parts/pn532.ts";
import type { EmulatedDisplay } from "./parts/ssd1306.ts";
import { createEmulatedDisplay } from "./parts/ssd1306.ts";
import { nodePrimitives, sha512 } from "./primitives.ts";

/** What the air needs to find out that nobody answers. */
const UNREACHABLE_MS = 50;

export type NodeBoardOptions = {
  flash: FlashRegions;
  files: { [name: string]: Bytes };
  /** Whether the network is there at power-up. */
  network: boolean;
  /** Where the terminal's broker really is, when it is not where provisioning wrote. */
  broker?: { host: string; port: number } | undefined;
  onTone(hz: number): void;
  /** Pixels may have changed. */
  onDisplay(): void;
  onRestart(): void;
  /** Where firmware that came over the air lies, and the version of it that was started. */
  firmware: NonNullable<Board["firmware"]>;
  /** Of the flash page erased most. */
  erases(): number;
  /** False once the supply of the flash is cut. Whatever the terminal's code still does then, nobody hears or sees. */
  hasPower(): boolean;
  onPowerLost(): void;
  log(text: string): void;
};

export type NodeBoard = {
  board: Board;
  nfc: EmulatedPn532;
  display: EmulatedDisplay;
  /** Runs code of the terminal as its interpreter would. */
  run(action: () => void): void;
  press(key: number): void;
  setNetwork(up: boolean): void;
  /** Nothing of this box moves any more: timers are dead, sockets gone. */
  powerOff(): void;
};

export function createNodeBoard(options: NodeBoardOptions): NodeBoard {
  const circuit = createCircuit(options);
  const display = createEmulatedDisplay();
  const nfc = createEmulatedPn532((delayMs, action) => void circuit.after(delayMs, action));
  const network = createNetwork(options, circuit);
  const clock = createClock();
  const keys: { listener?: (key: number) => void } = {};
  const board: Board = {
    ...nodePrimitives,
    sha512,
    convolve,
    nfc: { write: nfc.write, onData: nfc.onData, reset: nfc.reset },
    display: {
      write(data) {
        if (!options.hasPower()) return;
        display.write(data);
        options.onDisplay();
      },
    },
    keys: { onKey: (listener) => void (keys.listener = listener) },
    tone: (hz) => void (options.hasPower() && options.onTone(hz)),
    flash: options.flash,
    files: { read: (name, offset, length) => readFile(options.files[name], offset, length) },
    connect: network.connect,
    ...clock,
    after: circuit.after,
    cancel: circuit.cancel,
    log: options.log,
    restart: options.onRestart,
    firmware: options.firmware,
    watchdog: createWatchdog(circuit, options.onRestart),
    onError: circuit.onError,
    erases: options.erases,
  };
  return {
    board,
    nfc,
    display,
    run: circuit.run,
    press: (key) => circuit.run(() => keys.listener?.(key)),
    setNetwork: network.set,
    powerOff() {
      circuit.powerOff();
      network.set(false);
    },
  };
}

type Circuit = {
  run(action: () => void): void;
  /** Listener is told what the terminal's code threw and nobody caught. */
  onError(listener: (text: string) => void): void;
  after(delayMs: number, action: () => void): number;
  cancel(timer: number): void;
  powerOff(): void;
};

/** Runs the terminal's code while there is power. */
function createCircuit(
  options: Pick<NodeBoardOptions, "log" | "hasPower" | "onPowerLost">,
): Circuit {
  const timers = new Map<number, NodeJS.Timeout>();
  let last = 0;
  let powered = true;
  const listeners: ((text: string) => void)[] = [];
  function tellError(error: unknown): void {
    try {
      const text = error instanceof Error ? error.message : String(error);
      if (options.hasPower()) listeners.forEach((listen) => listen(text));
    } catch {
      // Like the interpreter: whatever the listener throws is told to nobody.
    }
  }
  const circuit: Circuit = {
    onError: (listener) => void listeners.push(listener),
    run(action) {
      if (!powered) return;
      try {
        action();
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        if (options.hasPower()) options.log(`uncaught: ${text}`);
        tellError(error);
      }
      // The code may have caught the cut like any error; a processor without power does not go on.
      if (powered && !options.hasPower()) options.onPowerLost();
    },
    after(delayMs, action) {
      const timer = ++last;
      const fire = (): void => {
        timers.delete(timer);
        circuit.run(action);
      };
      if (powered) timers.set(timer, setTimeout(fire, delayMs));
      return timer;
    },
    cancel(timer) {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
    },
    powerOff() {
      powered = false;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
  return circuit;
}

/** Restarts the box when nobody has fed it in time. */
function createWatchdog(circuit: Circuit, restart: () => void): NonNullable<Board["watchdog"]> {
  let timer = 0;
  let timeoutMs = 0;
  const feed = (): void => {
    circuit.cancel(timer);
    timer = circuit.after(timeoutMs, restart);
  };
  return {
    start(seconds) {
      timeoutMs = seconds * 1000;
      feed();
    },
    feed,
  };
}

/** TCP through a switch. Off, it is a wireless network out of reach: open connections break, new ones fail. */
function createNetwork(
  options: Pick<NodeBoardOptions, "network" | "broker" | "hasPower">,
  circuit: Circuit,
) {
  const sockets = new Set<NetSocket>();
  let up = options.network;
  return {
    set(next: boolean) {
      up = next;
      if (!up) for (const socket of sockets) socket.resetAndDestroy();
    },
    connect(host: string, port: number, events: SocketEvents): Socket {
      if (!up) {
        circuit.after(UNREACHABLE_MS, () => events.onClose());
        return { write() {}, close() {} };
      }
      const socket = connect(options.broker ?? { host, port });
      sockets.add(socket);
      socket.on("connect", () => circuit.run(() => events.onOpen()));
      socket.on("data", (data) => circuit.run(() => events.onData(Uint8Array.from(data))));
      socket.on("close", () => {
        sockets.delete(socket);
        circuit.run(() => events.onClose());
      });
      socket.on("error", () => {}); // "close" follows and says all that the terminal can know
      return {
        write: (data) => void (options.hasPower() && socket.write(Uint8Array.from(data))),
        close: () => socket.destroySoon(), // what was written still leaves
      };
    },
  };
}

/** Like the ESP32's: counts from 1970 at each power-up, until somebody tells the time. */
function createClock() {
  let startMs = -performance.now();
  let trusted = false;
  return {
    now: () => Math.floor(startMs + performance.now()),
    clockTrusted: () => trusted,
    setClock(milliseconds: number) {
      startMs = milliseconds - performance.now();
      trusted = true;
    },
  };
}

/** As Espruino's E.convolve; see Board. */
export function convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
  let sum = 0;
  let at = offset % b.length;
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] as number) * (b[at] as number);
    if (++at === b.length) at = 0;
  }
  return sum;
}

/** A copy with a buffer of its own, so that a typed array of wider words can be laid over it. */
export function readFile(
  file: Bytes | undefined,
  offset: number,
  length: number,
): Bytes | undefined {
  return file && Uint8Array.from(file.subarray(offset, offset + length));
}
