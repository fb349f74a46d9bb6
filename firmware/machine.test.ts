// Goal: nothing sounds or shows that is not journalled, and no effect that fails is passed over in
// silence. Method: the machine runs with a hand that notes each effect and breaks at a chosen one;
// every effect of a sale is broken once.

import { describe, expect, test } from "vitest";
import { factsOf, lina, noah, press, productKey, ready, tap } from "#sim/counter-story.ts";
import { createMachine } from "./machine.ts";
import type { Effect, Event } from "./state.ts";

function run(events: Event[], breaks: (effect: Effect) => boolean) {
  const done: string[] = [];
  const log: string[] = [];
  const machine = createMachine(
    ready,
    (effect) => {
      if (breaks(effect)) throw new Error("broken on purpose");
      done.push(effect.kind === "tone" ? effect.tune : effect.kind);
    },
    (text) => log.push(text),
  );
  for (const event of events) machine.happen(event);
  return { done, log, state: machine.state() };
}

const never = (): boolean => false;
const sale: Event[] = [productKey(2), press("ok"), tap(lina)];

describe("one effect of a sale is broken", () => {
  test("none: journal, sound, screen", () => {
    const { done, state } = run(sale, never);
    expect(done.slice(-4)).toEqual(["journal", "accepted", "wait", "screen"]);
    expect(state.lastSale?.totalCents).toBe(350);
  });

  test("the journal: the sale did not happen, nothing says so, the terminal stops", () => {
    const { done, log, state } = run(sale, (effect) => effect.kind === "journal");
    expect(done).not.toContain("accepted");
    expect(done.slice(-3)).toEqual(["refused", "wait", "screen"]);
    expect(state.faults).toEqual(["journal-failed"]);
    expect(state.lastSale).toBeUndefined();
    expect(state.basket.lines).toHaveLength(1);
    expect(log).toEqual(["machine: journal failed: broken on purpose"]);
  });

  test("the journal, once: later taps are refused, not sold", () => {
    const { done } = run([...sale, tap(noah)], (effect) => effect.kind === "journal");
    expect(done.filter((name) => name === "refused")).toHaveLength(2);
    expect(done).not.toContain("accepted");
  });

  test.each(["tone", "wait", "screen"] as const)(
    "%s: the sale stands, for it is in the journal, and the next is refused",
    (kind) => {
      let sold = false;
      const { done, state } = run([...sale, tap(noah)], (effect) => {
        if (effect.kind === "journal") sold = true;
        return sold && effect.kind === kind;
      });
      expect(done.filter((name) => name === "journal")).toHaveLength(1);
      expect(state.lastSale?.totalCents).toBe(350);
      expect(state.faults).toEqual(["display-dead"]);
    },
  );
});

test("what happens during an effect waits for its end", () => {
  const done: string[] = [];
  const machine = createMachine(
    ready,
    (effect) => {
      done.push(effect.kind);
      if (effect.kind === "ask")
        machine.happen({ kind: "answer", facts: factsOf(lina, { leaseCents: 100 }) });
    },
    () => undefined,
  );
  machine.happen(tap(lina, { leaseCents: 0 }));
  expect(done).toEqual(["ask", "wait", "screen", "journal", "tone", "wait", "screen"]);
});
