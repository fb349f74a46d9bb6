// The console must bring every order through a cable that loses and damages characters, obey none that was damaged, and say
// so when nobody answers. The board at the other end is a small one: it reads characters into a line, as Espruino does, and
// runs the very code that the console teaches it.

import { runInNewContext } from "node:vm";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { seededRandom } from "#sim/school.ts";
import type { Console } from "./console.ts";
import { openConsole } from "./console.ts";
import type { Line } from "./line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

/** A line whose far end is a board with memory `stored`. spoil does to each character what the cable does. */
function boardBehind(spoil: (character: string) => string): { line: Line; stored: string[] } {
  const stored: string[] = [];
  let hear: ((text: string) => void) | undefined;
  let typed = "";
  const print = (text: string): void => {
    const said = `${text}\r\n>`.split("").map(spoil).join("");
    void Promise.resolve().then(() => hear?.(said));
  };
  const world: { [name: string]: unknown } = {
    E: { CRC32: (text: unknown) => crc32(bytesOf(String(text))) },
    atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    process: { memory: () => undefined },
    print,
    stored,
  };
  /** A line that does not parse stays open, as one whose brackets are open does. */
  function type(character: string): void {
    typed += character;
    if (typed.endsWith("\x1b[2H")) typed = "";
    if (character !== "\n") return;
    try {
      runInNewContext(typed.replace("\x10", ""), world);
      typed = "";
    } catch (error) {
      print(`Uncaught ${String(error)}`);
    }
  }
  const line: Line = {
    write: (text) => text.split("").map(spoil).join("").split("").forEach(type),
    onData: (listener) => (hear = listener),
    onEnd: () => undefined,
    close: () => undefined,
  };
  return { line, stored };
}

/** Lets time pass until it is done. */
async function passing<T>(work: Promise<T>): Promise<T> {
  const state = { isDone: false };
  const ended = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  void ended.then(() => (state.isDone = true));
  while (!state.isDone) await vi.advanceTimersByTimeAsync(500);
  const end = await ended;
  if ("error" in end) throw end.error;
  return end.value;
}

const clean = (character: string): string => character;

/** Loses or damages one character in `every`. */
function badCable(every: number, seed: number): (character: string) => string {
  const random = seededRandom(seed);
  return (character) => {
    if (random() * every >= 1) return character;
    return random() < 0.5 ? "" : String.fromCharCode(character.charCodeAt(0) ^ 1);
  };
}

async function sendTwenty(console: Console): Promise<void> {
  for (let i = 0; i < 20; i++) await console.ask(`stored[${i}]=d`, bytesOf(`piece ${i} \x00\xff`));
}

test("what is asked is evaluated there, with its data; its value and its mistakes come back", async () => {
  const console = await passing(openConsole(boardBehind(clean).line));
  expect(await console.ask("1+1")).toBe("2");
  expect(await console.ask("d.length", new Uint8Array(384))).toBe("384");
  expect(await console.askScript('stored.push("a script"); stored.length', 1000)).toBe("1");
  await expect(console.ask("nonsense()")).rejects.toThrow("nonsense is not defined");
  expect(console.repeated()).toBe(0);
});

test("through a cable that loses one character in 500 every piece arrives, and none damaged", async () => {
  let repeated = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { line, stored } = boardBehind(badCable(500, seed));
    const console = await passing(openConsole(line));
    await passing(sendTwenty(console));
    expect(stored).toEqual(Array.from({ length: 20 }, (_, i) => `piece ${i} \x00\xff`));
    repeated += console.repeated();
  }
  expect(repeated).toBeGreaterThan(20);
});

test("a board that says nothing is named as such", async () => {
  const deaf = boardBehind(() => "");
  await expect(passing(openConsole(deaf.line))).rejects.toThrow("console: no answer in 8 tries");
});
