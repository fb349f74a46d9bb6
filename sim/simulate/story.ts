// What happens in a simulation, as it happens: counted by kind, the last of it kept to be told when something is
// wrong, and all of it summed up in one hash, so that two runs can be compared.

import { createHash } from "node:crypto";

/** student 0: nobody's. */
type Happening = { step: number; atMs: number; terminal: number; student: number; what: string };

export type Story = {
  step: number;
  counts: Map<string, number>;
  /** Something happened at a terminal (0: at none). */
  tell(terminal: number, student: number, what: string): void;
  /** The adversary did this. */
  fault(kind: string, terminal?: number): void;
  /** Of everything told so far. */
  digest(): string;
  /** The last that was told, of this terminal and student if they are named. */
  last(terminal?: number, student?: number): string[];
};

const KEPT = 20_000;
const TOLD = 30;

export function createStory(now: () => number): Story {
  const kept: Happening[] = [];
  const counts = new Map<string, number>();
  const hash = createHash("sha256");
  const story: Story = {
    step: 0,
    counts,
    tell(terminal, student, what) {
      const { step } = story;
      const atMs = now();
      hash.update(`${step} ${atMs} ${terminal} ${student} ${what}\n`);
      kept.push({ step, atMs, terminal, student, what });
      if (kept.length > 2 * KEPT) kept.splice(0, KEPT);
    },
    fault(kind, terminal = 0) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      story.tell(terminal, 0, `! ${kind}`);
    },
    digest: () => hash.copy().digest("hex"),
    last(terminal, student) {
      const isOf = (one: Happening): boolean =>
        (!terminal || !one.terminal || one.terminal === terminal) &&
        (!student || !one.student || one.student === student);
      return kept.filter(isOf).slice(-TOLD).map(lineOf);
    },
  };
  return story;
}

function lineOf({ step, atMs, terminal, student, what }: Happening): string {
  const where = terminal ? ` terminal ${terminal}` : "";
  const whose = student ? ` student ${student}` : "";
  return `${step} ${new Date(atMs).toISOString()}${where}${whose}: ${what}`;
}

/** What must never be: with whose story it is. */
export class Broken extends Error {
  readonly terminal: number;
  readonly student: number;
  constructor(what: string, terminal = 0, student = 0) {
    super(what);
    this.terminal = terminal;
    this.student = student;
  }
}
