// Goal: what the whole terminal gives back it never sells again, before and after any power cut, and
// what it keeps it still sells. Method: the terminal on a table (sim/counter-box.ts) and a gateway
// that asks for leases back; then the power is cut at each flash operation of that in turn.

import { describe, expect, test } from "vitest";
import type { CounterBox } from "#sim/counter-box.ts";
import { grantAsOf, lina, meetGateway, noah, record, summaryOf } from "#sim/counter-gateway.ts";
import type { CutMode } from "#sim/parts/nor.ts";
import { LOWERED_AT_ONCE } from "./gateway-wishes.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";

const keyOf = (key: (typeof CONTROL_KEYS)[number]): number =>
  PRODUCT_KEYS + CONTROL_KEYS.indexOf(key);
const SANDWICH = 1;

function lower(box: CounterBox, ceilingCents: number, version = 2, students = [17]): void {
  const leases = students.map((student) => ({ student, ceilingCents, version }));
  box.gateway.say({ kind: "lower", leases });
}

function recall(box: CounterBox, seq: number, reopen: boolean): void {
  box.gateway.say({ kind: "recall", seq, reopen });
}

/** Whether she gets a sandwich for 3.50, which nobody lends, without the gateway. */
function buysAlone(box: CounterBox, who: typeof lina): boolean {
  box.wait(10_000);
  box.press(keyOf("cancel"), SANDWICH, keyOf("ok"));
  const seen = box.tap(who);
  box.wait(10_000);
  box.press(keyOf("cancel"));
  return seen === "Merci !";
}

describe("one lease", () => {
  test("what it leaves is still sold, and no more, also after a power cut", () => {
    const { box, book } = meetGateway(1000);
    lower(box, 400);
    book.settle();
    box.disconnect();
    expect(buysAlone(box, lina)).toBe(true);
    box.power(true);
    expect([buysAlone(box, lina), buysAlone(box, noah)]).toEqual([false, true]);
    box.connect();
    book.settle();
    expect(summaryOf(book)).toEqual([
      "open",
      "17 lowered to 400",
      "17 pays 350",
      "open",
      "18 pays 350",
    ]);
  });

  test("never below what was spent, also when the gateway has not heard of that yet", () => {
    const { box, book } = meetGateway(1000);
    box.tap(lina);
    lower(box, 0);
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100", "17 lowered to 100"]);
  });

  test("an entry each, the first ten of a message", () => {
    const { box, book } = meetGateway(1000);
    const students = Array.from({ length: LOWERED_AT_ONCE + 2 }, (_, i) => 100 + i);
    const leases = students.map((student) => ({ student, ceilingCents: 500, version: 1 }));
    grantAsOf(box, 0, ...leases);
    for (let times = 0; times < 3; times++) lower(box, 0, 2, students);
    book.settle();
    expect(summaryOf(book)).toEqual([
      "open",
      ...students.map((student) => `${student} lowered to 0`),
    ]);
  });

  test("the balance that she may look at stays the same", () => {
    const { box } = meetGateway(1000);
    const granted = { student: 17, ceilingCents: 1000, version: 1, besideCents: 500 };
    grantAsOf(box, 0, granted);
    lower(box, 300);
    box.tap(lina);
    expect(box.tap(lina)).toBe("14,00 €");
  });

  test("not while her card lies there and OK was not pressed yet", () => {
    const { box, book } = meetGateway(1000);
    box.press(SANDWICH);
    const lift = box.lay(lina);
    lower(box, 0);
    box.press(keyOf("ok"));
    lift();
    lower(box, 0);
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 350", "17 lowered to 350"]);
    expect(box.log().join()).toContain("no entry now for lower");
  });
});

describe("all leases", () => {
  test("a recall is a close and an open; what was granted before is void, what comes after is not", () => {
    const { box, book } = meetGateway(1000);
    box.hear();
    const shown = box.see();
    recall(box, 1, true);
    expect([box.see().big, box.hear()]).toEqual([shown.big, []]);
    grantAsOf(box, 1, { student: 17, ceilingCents: 2000, version: 7 });
    book.settle();
    grantAsOf(box, 2, { student: 18, ceilingCents: 350, version: 3 });
    box.disconnect();
    expect([buysAlone(box, lina), buysAlone(box, noah), buysAlone(box, noah)]).toEqual([
      false,
      true,
      false,
    ]);
    box.connect();
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "close", "open", "18 pays 350"]);
  });

  test("a recall from before the last sale is void", () => {
    const { box, book } = meetGateway(1000);
    box.tap(lina);
    box.wait(10_000);
    recall(box, 1, true);
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100"]);
    recall(box, 2, false);
    recall(box, 2, false);
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100", "close"]);
    expect(box.see().big).toBe("Fermé");
  });

  test("the key that closes the shift gives all back as well", () => {
    const { box, book } = meetGateway(1000);
    box.press(keyOf("shift"), keyOf("ok"), keyOf("shift"));
    book.settle();
    box.disconnect();
    expect(buysAlone(box, lina)).toBe(false);
    box.power(true);
    expect(buysAlone(box, lina)).toBe(false);
    box.connect();
    grantAsOf(box, 2, { student: 17, ceilingCents: 1000, version: 2 });
    expect(buysAlone(box, lina)).toBe(true);
  });

  test("while a sale waits for its answer, a void grant is none", () => {
    const { box, book } = meetGateway(0);
    recall(box, 1, true);
    book.settle();
    const lift = box.lay(lina);
    expect(box.see().big).toBe("Un instant");
    grantAsOf(box, 1, { student: 17, ceilingCents: 2000, version: 7 });
    expect(box.see().big).toBe("Un instant");
    grantAsOf(box, 3, { student: 17, ceilingCents: 100, version: 8 });
    expect(box.see().big).toBe("Merci !");
    lift();
  });

  test("a school's leases come back after a recall, and all are kept", () => {
    const students = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { box, book } = meetGateway(1000);
    const grantAll = (asOf: number, version: number): void => {
      for (let from = 0; from < students.length; from += 100) {
        const part = students.slice(from, from + 100);
        grantAsOf(box, asOf, ...part.map((student) => ({ student, ceilingCents: 400, version })));
      }
    };
    grantAll(0, 2);
    recall(box, 1, true);
    book.settle();
    grantAll(3, 3);
    box.disconnect();
    box.power(true);
    expect(buysAlone(box, noah)).toBe(true);
    expect(buysAlone(box, record("04112233445566", 18, ""))).toBe(false);
  });
});

/** The power goes at operation `cut` of what happens; then Lina wants a sandwich, without network. */
function cutWhile(cut: number, mode: CutMode, happen: (box: CounterBox) => void) {
  const { box, book } = meetGateway(1000);
  box.supply.cutAfter(cut, mode);
  happen(box);
  const died = !box.isOn();
  box.supply.restore();
  if (died) box.power(true);
  box.reach(false);
  const sold = buysAlone(box, lina);
  if (!died) box.disconnect();
  box.connect();
  book.settle();
  return { died, sold, entries: summaryOf(book) };
}

describe("the power goes at any flash operation", () => {
  test.each(["before", "half", "after"] as const)("of a lowering, %s", (mode) => {
    let cuts = 0;
    let kept = 0;
    for (let cut = 0; ; cut++) {
      const { died, sold, entries } = cutWhile(cut, mode, (box) => lower(box, 200));
      if (!died) break;
      cuts++;
      const isLowered = entries[1] === "17 lowered to 200";
      if (!isLowered) kept++;
      expect(sold).toBe(!isLowered);
      expect(entries).toEqual([
        "open",
        ...(isLowered ? ["17 lowered to 200", "open"] : ["open", "17 pays 350"]),
      ]);
    }
    console.log(`lowered: ${cuts} power cuts ${mode}, ${kept} of them before the entry counted`);
    expect(cuts).toBeGreaterThanOrEqual(4);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(cuts);
  });

  test.each(["before", "half", "after"] as const)("of a recall, %s", (mode) => {
    let cuts = 0;
    let kept = 0;
    for (let cut = 0; ; cut++) {
      const { died, sold, entries } = cutWhile(cut, mode, (box) => recall(box, 1, true));
      if (!died) break;
      cuts++;
      const isClosed = entries[1] === "close";
      if (!isClosed) kept++;
      expect(sold).toBe(!isClosed);
      const opened = entries.filter((entry) => entry === "open").length;
      expect(opened).toBeGreaterThanOrEqual(2);
      expect(entries).toEqual([
        "open",
        ...(isClosed ? ["close"] : []),
        ...Array.from({ length: opened - 1 }, () => "open"),
        ...(isClosed ? [] : ["17 pays 350"]),
      ]);
    }
    console.log(`recall: ${cuts} power cuts ${mode}, ${kept} of them before the close counted`);
    expect(cuts).toBeGreaterThanOrEqual(6);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(cuts);
  });
});
