// What was done to which card, line by line, on disk before it is done: a card pulled away in the
// middle of a change has one of two keys, and this says which two. No key is in it.

import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import type { KeyName } from "./card-keys.ts";

export type Line = {
  at: string;
  uid: string;
  key: number;
  from: KeyName;
  to: KeyName;
  state: "begun" | "done";
};

export type Transcript = {
  /** The keys that a card may have under a number, the likelier first. A card never seen is new
   * from the factory. */
  possible(uid: string, key: number): KeyName[];
  write(line: Omit<Line, "at">): void;
};

export function openTranscript(path: string): Transcript {
  const lines: Line[] = existsSync(path)
    ? readFileSync(path, "utf8").split("\n").flatMap(read)
    : [];
  return {
    possible(uid, key) {
      const last = lines.findLast((line) => line.uid === uid && line.key === key);
      if (!last) return ["factory"];
      return last.state === "done" ? [last.to] : [last.to, last.from];
    },
    write(line) {
      const dated = { at: new Date().toISOString(), ...line };
      append(path, JSON.stringify(dated) + "\n");
      lines.push(dated);
    },
  };
}

/** A last line that a power cut tore is of a change that had not begun. */
function read(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}

function append(path: string, text: string): void {
  const file = openSync(path, "a", 0o600);
  try {
    // A torn line before must not swallow this one.
    appendFileSync(file, "\n" + text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
