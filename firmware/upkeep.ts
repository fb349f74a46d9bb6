// Keeps the terminal alive and its firmware new: feeds the watchdog while all parts show signs of life, keeps what nobody
// caught, takes in an update when nobody is served, restarts into it, and proves it or leaves it again.

import type { Downlink } from "#protocol/downlink.ts";
import type { Health } from "#protocol/uplink.ts";
import type { Board } from "./board.ts";
import type { ErrorRing } from "./error-ring.ts";
import { openErrorRing } from "./error-ring.ts";
import type { Memory } from "./memory.ts";
import { pagesOf } from "./flash.ts";
import { noteWell } from "./restarts.ts";
import type { FirmwareOutcome } from "./slots.ts";
import type { Updates } from "./updates.ts";
import { openUpdates } from "./updates.ts";
import type { Signs } from "./watchdog.ts";
import { WATCHDOG_SECONDS, isAlive, judgeTrial, mayBeWell } from "./watchdog.ts";

export type Upkeep = {
  /** The reader's chip has answered. */
  readerAnswered(): void;
  /** The gateway has spoken; an update is taken in when nobody is served. */
  hear(message: Downlink, isIdle: boolean): void;
  /** Checks the signature of what came a little further, while nobody is served; false when there is none to check. */
  slice(): boolean;
  /** At each look of the terminal at itself. faults: those on the display. */
  look(faults: string[], isIdle: boolean): void;
  health(): Health;
};

export function createUpkeep(board: Board, memory: Memory): Upkeep {
  const errors = openErrorRing(memory.store);
  const firmware = board.firmware;
  let updates = openFor(board, memory);
  let nextChunk = updates ? updates.next() : 0;
  let refusal = "";
  let isWell = false;
  let hasReader = true;
  let hasHeard = false;
  let looks = 0;
  const firstSeq = memory.journal.last().seq;
  if (board.onError) board.onError((text) => errors.add(text));
  if (board.watchdog) board.watchdog.start(WATCHDOG_SECONDS);

  /** Held only while there is something to do: with its slots and its code it takes a twentieth of all variables. */
  function letGo(): void {
    if (!updates) return;
    nextChunk = updates.next();
    if (updates.isAtRest()) updates = undefined;
  }

  function signsOf(faults: string[]): Signs {
    const journal = memory.journal;
    const seq = journal.last().seq;
    return {
      reader: hasReader || faults.indexOf("reader-dead") >= 0,
      journal: !seq || seq <= journal.acknowledged() || journal.read(seq) !== undefined,
    };
  }

  /** What cannot be applied is told to the gateway with the errors, once. */
  function weigh(version: number, outcome: FirmwareOutcome): void {
    if (outcome === "installed" || outcome.indexOf("awaiting") === 0) return;
    const text = "firmware " + version + ": " + outcome;
    if (text !== refusal) errors.add(text);
    refusal = text;
  }

  function tend(signs: Signs, faults: number, isIdle: boolean): void {
    if (!updates) return;
    if (updates.isOnTrial()) {
      const verdict = judgeTrial(signs, faults, hasHeard, looks);
      if (verdict === "proven") updates.prove();
      if (verdict === "failed") board.restart();
    } else if (isIdle && updates.isReady()) restart(board, "into newer firmware");
  }

  return {
    readerAnswered: () => void (hasReader = true),
    hear: function (message, isIdle) {
      hasHeard = true;
      if (!isIdle || (message.kind !== "firmware" && message.kind !== "chunk")) return;
      if (!updates) updates = openFor(board, memory);
      if (!updates) return;
      const isChunk = message.kind === "chunk";
      weigh(message.version, isChunk ? updates.put(message) : updates.announce(message));
      nextChunk = updates.next();
    },
    slice: () => updates !== undefined && updates.slice(),
    look: function (faults, isIdle) {
      looks++;
      const signs = signsOf(faults);
      hasReader = false;
      if (mayBeWell(faults) && memory.journal.last().seq !== firstSeq)
        return restart(board, "to open the memory anew");
      if (isAlive(signs)) {
        if (board.watchdog) board.watchdog.feed();
        if (firmware && !isWell) noteWell(pagesOf(firmware.region, 0, 1));
        isWell = true;
      }
      tend(signs, faults.length, isIdle);
      letGo();
    },
    health: () => healthOf(board, errors, nextChunk),
  };
}

function openFor(board: Board, memory: Memory): Updates | undefined {
  const firmware = board.firmware;
  return firmware && openUpdates(board, firmware.region, firmware.running, memory.signer.moduloL);
}

function restart(board: Board, why: string): void {
  board.log("upkeep: restarting " + why);
  board.restart();
}

function healthOf(board: Board, errors: ErrorRing, chunk: number): Health {
  return {
    firmware: board.firmware ? board.firmware.running : 0,
    chunk: chunk,
    errors: errors.count(),
    variables: board.freeVariables ? board.freeVariables() : 0,
    erases: board.erases ? board.erases() : 0,
    lastError: errors.last(),
  };
}
