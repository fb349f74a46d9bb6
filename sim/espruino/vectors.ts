// Every published value of nfc-vectors.json on the interpreter, and what it costs there when a card
// proves itself.

import assert from "node:assert/strict";
import { bundleFor } from "#firmware/build.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript } from "./interpreter.ts";

const CHECKS_MIN = 52;

type Found = {
  checks: number;
  faults: string[];
  outcomes: { [outcome: string]: number };
  tapMs: number;
};

export async function checkVectorsThere(interpreter: Interpreter): Promise<void> {
  const script = await bundleFor("sim/espruino/box/vectors.ts", "closed");
  const printed = runScript(interpreter, "vectors.js", script);
  const line = /VECTORS (.*)/.exec(printed)?.[1];
  if (!line) throw new Error(`vectors: nothing printed\n${printed}`);
  const found = JSON.parse(line) as Found;
  assert.deepEqual(found.faults, []);
  assert.ok(found.checks >= CHECKS_MIN, `vectors: only ${found.checks} checks`);
  assert.deepEqual(Object.keys(found.outcomes), ["ok"]);
  console.log(
    `cards: ${found.checks} published values agree; a card proves itself in ${found.tapMs.toFixed(2)} ms`,
  );
}
