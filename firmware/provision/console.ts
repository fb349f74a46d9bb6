// The console of an Espruino, over a serial port or TCP, made reliable: whatever goes out is numbered and carries its
// CRC-32, the board checks it before it obeys and answers with the number, and without that answer it is sent again. So
// each order must be one that does no harm when it is obeyed twice.

import { crc32 } from "node:zlib";
import type { Bytes } from "#protocol/bytes.ts";
import type { Line } from "./line.ts";

export type Console = {
  /** Evaluates code there, which finds data as `d`, and returns the value as text. Throws what it threw. The board gets
   * timeoutMs for each try. */
  ask(code: string, data?: Bytes, timeoutMs?: number): Promise<string>;
  /** Evaluates a script of any length. */
  askScript(script: string, timeoutMs: number): Promise<string>;
  /** How many times something had to be sent again. */
  repeated(): number;
  close(): void;
};

const ANSWER_MS = 5000;
const TRIES_MAX = 8;
/** In base 64 and with what stands around it, a line of some 620 characters: the input buffer of an ESP32 holds 4,096,
 * that of Linux 1,024. */
export const PIECE_BYTES = 384;

/** Escape sequence that empties the input line, whatever a lost character has left there. Not Ctrl-C, which would also
 * drop what follows it, and whose second one ends Espruino for Linux. */
const EMPTY_LINE = "\x1b[2H";
/** At the beginning of a line: it is neither echoed nor kept in the history. */
const SILENT = "\x10";

/** Asking for its memory makes the interpreter collect what a line has left behind, before it runs out. */
const OBEY =
  "OBOLE=function(n,c,b,f){var d=atob(b),r;" +
  'if(E.CRC32(n+d+f)!=c)r="LOST";' +
  'else try{r="DONE "+eval(f)}catch(e){r="FAILED "+e}' +
  "process.memory();" +
  'print("<"+n+":"+E.CRC32(r)+":"+r+">")}';

/** Throws when nobody answers. */
export async function openConsole(line: Line): Promise<Console> {
  // Starts anywhere, so that what an earlier run was still owed is not taken for an answer.
  let number = Date.now() % 1_000_000_000;
  let repeated = 0;
  let received = "";
  let look: (() => void) | undefined;
  let isGone = false;
  line.onEnd(() => {
    isGone = true;
    look?.();
  });
  line.onData((text) => {
    received += text;
    look?.();
  });

  const say = (code: string): void => line.write(`${EMPTY_LINE}${SILENT}${code}\n`);

  async function ask(code: string, data?: Bytes, timeoutMs = ANSWER_MS): Promise<string> {
    const binary = Buffer.from(data ?? []);
    const order = ++number;
    const sum = crc32(Buffer.concat([Buffer.from(`${order}`), binary, Buffer.from(code)]));
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      if (isGone) throw new Error("console: the other end is gone");
      received = "";
      say(`OBOLE(${order},${sum},"${binary.toString("base64")}",${JSON.stringify(code)})`);
      const answer = await answerTo(order, timeoutMs);
      if (answer?.startsWith("DONE ")) return answer.slice("DONE ".length);
      if (answer?.startsWith("FAILED ")) throw new Error(`console: ${code}: ${answer}`);
      repeated++;
    }
    const last = received ? `, only ${JSON.stringify(received.slice(-200))}` : "";
    throw new Error(`console: no answer in ${TRIES_MAX} tries of ${timeoutMs} ms${last}`);
  }

  /** Undefined when there is none in time; an answer that was damaged on its way is none. */
  function answerTo(order: number, timeoutMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const end = (answer: string | undefined): void => {
        clearTimeout(timer);
        look = undefined;
        resolve(answer);
      };
      const timer = setTimeout(() => end(undefined), timeoutMs);
      look = () => {
        if (isGone) return end(undefined);
        const [, sum, text] = new RegExp(`<${order}:(\\d+):([^]*?)>\\r`).exec(received) ?? [];
        if (text !== undefined && crc32(Buffer.from(text, "latin1")) === Number(sum)) end(text);
      };
    });
  }

  await teach(say, ask);
  repeated = 0;
  return {
    ask,
    async askScript(script, timeoutMs) {
      const data = Buffer.from(script, "latin1");
      await ask("OBOLE_SCRIPT=[]");
      for (let at = 0; at < data.length; at += PIECE_BYTES)
        await ask(`OBOLE_SCRIPT[${at / PIECE_BYTES}]=d;0`, data.subarray(at, at + PIECE_BYTES));
      return ask('eval(OBOLE_SCRIPT.join(""))', undefined, timeoutMs);
    },
    repeated: () => repeated,
    close: line.close,
  };
}

/** Until the board says that it has learned to answer. */
async function teach(say: (code: string) => void, ask: Console["ask"]): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      say(OBEY);
      await ask("1", undefined, ANSWER_MS / TRIES_MAX);
      return;
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
    }
}
