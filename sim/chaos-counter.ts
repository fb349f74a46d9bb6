// One counter of the chaos, from outside: the process that is its terminal, the queue in front of it, and the bystander
// who writes down each beep. The process may die at any moment; the queue waits until there is another.

import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import type { Beep, Line, Order, Place, Seen } from "./chaos-terminal.ts";
import { argumentsOf } from "./chaos-terminal.ts";
import type { CutMode } from "./parts/nor.ts";
import type { Random } from "./school.ts";
import { pick } from "./school.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";
import type { WitnessBook, Witnessed } from "./witnesses.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
const VOID = PRODUCT_KEYS + CONTROL_KEYS.indexOf("void");
const CANCEL = PRODUCT_KEYS + CONTROL_KEYS.indexOf("cancel");
const SHIFT = PRODUCT_KEYS + CONTROL_KEYS.indexOf("shift");
const THANKS = "Merci !";
const CLOSED = "Fermé";
/** People come in groups; between two the terminal makes new nonces. */
const GROUP_MAX = 24;
const REST_MS_MAX = 5000;
/** Who has just paid here does not come again before so many others: a second tap asks for the balance. */
const OTHERS = 6;

export type Counter = {
  terminal: number;
  /** Who comes here, by card. */
  cards: string[];
  start(): void;
  /** kill -9. Resolves when all that it had said has been heard. */
  kill(): Promise<void>;
  network(up: boolean): void;
  /** Lets so many operations of its flash pass, and it dies in the next. Resolves when it has, or was killed otherwise. */
  dieIn(operations: number, mode: CutMode): Promise<void>;
  /** What its display says; undefined when it is not up, or dies meanwhile. */
  look(): Promise<Seen | undefined>;
  /** Lays card after card until told that it is over. */
  serve(isOver: () => boolean): Promise<void>;
};

type Process = {
  child: ChildProcessByStdio<Writable, Readable, null>;
  gone: Promise<void>;
  replies: ((seen: Seen | undefined) => void)[];
};
type State = {
  terminal: number;
  cards: string[];
  place: Place;
  book: WitnessBook;
  random: Random;
  counts: Counts;
  running: Process | undefined;
  isNetworkUp: boolean;
  /** What a beep would mean now. */
  doing: Witnessed["kind"];
  /** Those of the tap or the undoing that is going on, by their number in the book. */
  beeps: number[];
  recent: string[];
};

export type CounterOrder = Pick<
  State,
  "terminal" | "cards" | "place" | "book" | "random" | "counts"
>;

export function createCounter(order: CounterOrder): Counter {
  const now = { doing: "purchase" as const, beeps: [], recent: [] };
  const state: State = { ...order, running: undefined, isNetworkUp: true, ...now };
  return {
    terminal: order.terminal,
    cards: order.cards,
    start: () => start(state),
    async kill() {
      const { child, gone } = state.running ?? {};
      child?.kill("SIGKILL");
      await gone;
    },
    network(up) {
      state.isNetworkUp = up;
      tell(state, { network: up });
    },
    async dieIn(operations, mode) {
      tell(state, { cut: operations, mode });
      await state.running?.gone;
    },
    look: () => ask(state, {}),
    async serve(isOver) {
      while (!isOver()) {
        const group = 1 + Math.floor(state.random() * GROUP_MAX);
        for (let i = 0; i < group && !isOver(); i++) await serveOne(state);
        await pause(REST_MS_MAX * state.random());
      }
    },
  };
}

function start(state: State): void {
  if (state.running) throw new Error(`chaos: terminal ${state.terminal} lives already`);
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, argumentsOf(state.place), {
    stdio: [...stdio],
    // A terminal starts in half the time when the types were stripped once.
    env: { ...process.env, NODE_COMPILE_CACHE: join(state.place.stateFolder, "compiled") },
  });
  const replies: Process["replies"] = [];
  createInterface(child.stdout).on("line", (text) => {
    const line = JSON.parse(text) as Beep | Seen;
    if ("beep" in line) hear(state, line.beep);
    else replies.shift()?.(line);
  });
  child.stdin.on("error", () => undefined); // "close" follows, and says what there is to say
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => {
      if (state.running?.child === child) state.running = undefined;
      for (const reply of replies.splice(0)) reply(undefined);
      resolve();
    }),
  );
  state.running = { child, gone, replies };
  if (!state.isNetworkUp) tell(state, { network: false });
}

function hear(state: State, uid: string): void {
  const beep = { kind: state.doing, uid, certain: true, cents: undefined };
  state.beeps.push(state.book.note(state.terminal, beep));
  count(state.counts, `beep: ${state.doing}`, true);
}

function tell({ running }: State, line: Line): void {
  running?.child.stdin.write(JSON.stringify(line) + "\n");
}

function ask(state: State, order: Order): Promise<Seen | undefined> {
  const { running } = state;
  if (!running) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    running.replies.push(resolve);
    tell(state, order);
  });
}

async function serveOne(state: State): Promise<void> {
  const { random, counts, book } = state;
  if (!state.running) return pause(100);
  const uid = pick(
    state.cards.filter((card) => !state.recent.includes(card)),
    random,
  );
  state.recent = [...state.recent, uid].slice(-OTHERS);
  const basket = random() < 0.3 ? [Math.floor(random() * PRODUCT_KEYS), OK] : [];
  const order = { keys: [CANCEL, ...basket], card: uid };
  const { reply, beep } = await doing(state, "purchase", uid, order);
  if (reply) count(counts, `tap: ${reply.heard ?? "silence"}`, true);
  // Staff find the shift closed, and open it again.
  if (reply?.big === CLOSED) await ask(state, { keys: [SHIFT] });
  if (!reply || beep === undefined) return;
  if (reply.big === THANKS) book.amend(beep, { cents: centsOf(reply.lines[1]) });
  if (random() < 0.03) await doing(state, "void", uid, { keys: [VOID, OK] });
}

/** Gives the order and listens. Who died before the beep may have written the entry or not. */
async function doing(
  state: State,
  kind: Witnessed["kind"],
  uid: string,
  order: Order,
): Promise<{ reply: Seen | undefined; beep: number | undefined }> {
  Object.assign(state, { doing: kind, beeps: [] });
  const reply = await ask(state, order);
  const beep = state.beeps.at(-1);
  if (!reply && beep === undefined) {
    state.book.note(state.terminal, { kind, uid, certain: false, cents: undefined });
    count(state.counts, `died before the beep: ${kind}`, true);
  }
  return { reply, beep };
}

/** "1,00 €" in cents. */
function centsOf(text = ""): number {
  return Math.round(Number(text.replace(/[^0-9,]/g, "").replace(",", ".")) * 100);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
