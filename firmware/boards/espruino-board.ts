// What every box that runs Espruino has in common: flash, files, TCP, clock, timers, native crypto.
// A board file adds the parts that hang on pins.

import type { Bytes } from "#protocol/bytes.ts";
import type { Board, Socket, SocketEvents } from "../board.ts";
import { PRIMITIVES } from "./espruino-crypto.ts";
import type { StoragePlace } from "./regions.ts";
import { openFirmware, openRegions, readFile } from "./espruino-flash.ts";

/** What is left for a board file to give. */
export type Parts = Pick<Board, "nfc" | "display" | "keys" | "tone" | "restart">;

/** What the loader started (boot.ts). */
declare const OBOLE_STARTED: { version: number; hash: Bytes } | undefined;

let clockTrusted = false;
/** Added to the system's clock, which not every Espruino lets a program set. */
let clockOffsetMs = 0;

const SYSTEM = {
  convolve: E.convolve,
  connect: connect,
  now: (): number => Math.floor(Date.now() + clockOffsetMs),
  clockTrusted: (): boolean => clockTrusted,
  setClock: function (milliseconds: number): void {
    clockOffsetMs = milliseconds - Date.now();
    clockTrusted = true;
  },
  after: (milliseconds: number, action: () => void): number => setTimeout(action, milliseconds),
  cancel: clearTimeout,
  log: console.log,
  onError: (listener: (text: string) => void): void =>
    process.on("uncaughtException", (error) => {
      // The interpreter says nothing of it any more once somebody listens.
      console.log("uncaught: " + error);
      listener(String(error));
    }),
  freeVariables: (): number => process.memory().free,
};

export function createEspruinoBoard(place: StoragePlace, parts: Parts): Board {
  const own = { flash: openRegions(place), files: { read: readFile } };
  const board: Board = Object.assign(own, PRIMITIVES, SYSTEM, parts);
  if (typeof OBOLE_STARTED === "undefined") return board;
  board.firmware = {
    region: openFirmware(place),
    running: OBOLE_STARTED.version,
    hash: OBOLE_STARTED.hash,
  };
  return board;
}

const NO_SOCKET: Socket = { write: () => undefined, close: () => undefined };

/** Espruino throws at once when nobody listens or the network is down; Board says so later, as of any other close. */
function connect(host: string, port: number, events: SocketEvents): Socket {
  try {
    return openSocket(host, port, events);
  } catch {
    setTimeout(() => events.onClose(), 0);
    return NO_SOCKET;
  }
}

function openSocket(host: string, port: number, events: SocketEvents): Socket {
  let open = true;
  const socket = require("net").connect({ host: host, port: port }, () => events.onOpen());
  socket.on("data", (data) => events.onData(E.toUint8Array(data)));
  // An error is always followed by "close"; without a listener Espruino would print it.
  socket.on("error", () => undefined);
  socket.on("close", function () {
    open = false;
    events.onClose();
  });
  return {
    write: function (data: Bytes) {
      if (open) socket.write(E.toString(data));
    },
    close: function () {
      if (open) socket.end();
      open = false;
    },
  };
}
