// Runs the built bundle in a world of its own: the board, the language, and nothing of Node. What Espruino has not is
// taken out of the language too, so that a bundle which needs it fails here already.

import { createContext, Script } from "node:vm";
import type { Board } from "#firmware/board.ts";

/** What other engines have and Espruino 2v29 does not. */
const MISSING_IN_ESPRUINO =
  "Map Set WeakMap WeakSet WeakRef FinalizationRegistry Symbol BigInt BigInt64Array BigUint64Array Proxy Reflect " +
  "Intl Atomics SharedArrayBuffer WebAssembly Iterator globalThis";

/** The bytes that the board hands over must be instances of the very arrays that the bundle asks for. */
const SHARED = {
  ArrayBuffer,
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};

/** Starts the bundle on the board; it lives on in the board's timers and listeners until those die. */
export function runFirmware(code: string, board: Board): void {
  const context = createContext({ ...SHARED, OBOLE_BOARD: board });
  const removals = MISSING_IN_ESPRUINO.split(" ").map((name) => `delete this.${name};`);
  new Script(removals.join("")).runInContext(context);
  new Script(code, { filename: "terminal.js" }).runInContext(context);
}
