// Goal: every fault and shortage has one screen and one outcome, the status bar is always true, and
// whatever happens in whatever order, a sale is journalled once, first, and within the lease.
// Method: stories, then random lunches.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RosterRecord } from "#protocol/roster.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";
import type { Event, Facts } from "./state.ts";
import { cardInQuestion, step } from "./terminal.ts";
import {
  IDLE,
  NOON,
  factsOf,
  gone,
  lina,
  noah,
  play,
  press,
  productKey,
  ready,
  report,
  tap,
  timeout,
} from "#sim/counter-story.ts";

function statusAfter(event: Event): unknown {
  const effects = step(ready, event).effects;
  const screen = effects.find((effect) => effect.kind === "screen");
  return screen?.kind === "screen" ? screen.screen.status : undefined;
}

describe("faults and shortages", () => {
  test.each([
    ["settings-missing", "Nouveau"],
    ["state-torn", "En panne"],
    ["journal-torn", "En panne"],
    ["journal-failed", "En panne"],
    ["nonces-lost", "En panne"],
    ["display-dead", "En panne"],
    ["reader-dead", "En panne"],
  ] as const)("%s stops every sale and says so until it heals", (fault, big) => {
    play(ready, [
      [{ kind: "fault", fault }, `refused, wait 0, "${big}"`],
      [tap(lina), `refused, wait 4000, "${big}"`],
      [productKey(1), `retry, "${big}"`],
      [press("void"), `retry, "${big}"`],
      [{ kind: "healed", fault }, '"Désolé"'],
      [timeout, `wait 0, ${IDLE}`],
      [tap(noah), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("the worst of several faults is named", () => {
    play(ready, [
      [{ kind: "fault", fault: "reader-dead" }, 'refused, wait 0, "En panne"'],
      [{ kind: "fault", fault: "settings-missing" }, 'refused, wait 0, "Nouveau"'],
    ]);
  });

  test("a fault in the middle of a question ends it unsold", () => {
    play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [{ kind: "fault", fault: "reader-dead" }, 'refused, wait 0, "En panne"'],
      [{ kind: "answer", facts: factsOf(lina) }, '"En panne"'],
    ]);
  });

  test.each([
    ["journal full", { room: 1 }, "Pleine"],
    ["no nonces left", { nonces: 1 }, "Recharger"],
  ])("%s: said before anybody taps, and every tap is refused", (_, condition, big) => {
    play(ready, [
      [report(condition), `"${big}"`],
      [tap(lina), 'refused, wait 4000, "Désolé"'],
      [report({}), '"Désolé"'],
      [timeout, `wait 0, ${IDLE}`],
    ]);
  });

  test("the void of the last sale still fits when the next sale does not", () => {
    play(ready, [
      [report({ nonces: 2, nextSeq: 40 }), IDLE],
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [press("void"), 'key, wait 10000, "1,00 \x80"'],
      [press("ok"), 'journal void 100 of 40, accepted, wait 2500, "Annulé"'],
    ]);
  });
});

describe("the status bar", () => {
  test.each([
    ["all sent", {}, { online: true, unsent: 0, oldestMinutes: 0, clock: "12:00" }],
    [
      "three wait, the oldest for 7 minutes",
      { online: false, unsent: 3, oldest: NOON - 479 },
      { online: false, unsent: 3, oldestMinutes: 7, clock: "12:00" },
    ],
    [
      "a clock nobody vouches for",
      { clockTrusted: false, unsent: 1, oldest: NOON + 99 },
      { online: true, unsent: 1, oldestMinutes: 0, clock: "--:--" },
    ],
  ])("%s", (_, condition, expected) => {
    expect(statusAfter(report(condition))).toEqual(expected);
  });

  test("a sale counts itself among the unsent at once", () => {
    expect(statusAfter(tap(lina))).toMatchObject({ unsent: 2, oldestMinutes: 0 });
  });
});

test("a lunch: each sale is journalled once, first, and never past the lease", () => {
  const cards = [lina, noah];
  const anEvent = fc.oneof(
    fc.nat({ max: 1 }).map((i) => ({ do: "tap" as const, i })),
    fc.constant({ do: "gone" as const, i: 0 }),
    fc.nat({ max: PRODUCT_KEYS + CONTROL_KEYS.length - 1 }).map((i) => ({ do: "key" as const, i })),
    fc.constant({ do: "timeout" as const, i: 0 }),
    fc.nat({ max: 1 }).map((i) => ({ do: "online" as const, i })),
    fc.nat({ max: 300 }).map((i) => ({ do: "answer" as const, i })),
  );
  let sales = 0;
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 60 }), (events) => {
      const leases = [500, 120];
      let state = ready;
      let lastTapped = -1;
      let taps = 0;
      let paid = 0;
      for (const { do: what, i } of events) {
        const factsNow = (who: number): Facts =>
          factsOf(cards[who] as RosterRecord, { leaseCents: leases[who] as number });
        const about = cards.findIndex((card) => card.card === cardInQuestion(state)?.card);
        let event: Event = what === "timeout" ? timeout : gone;
        if (what === "tap") event = { kind: "card", facts: factsNow(i) };
        if (what === "tap" && lastTapped !== i) taps++;
        if (what === "tap") lastTapped = i;
        if (what === "gone") lastTapped = -1;
        if (what === "key")
          event = { kind: "key", key: i, facts: about < 0 ? undefined : factsNow(about) };
        if (what === "online") event = report({ online: i > 0 });
        if (what === "answer" && about >= 0) {
          leases[about] = (leases[about] as number) + i;
          event = { kind: "answer", facts: factsNow(about) };
        } else if (what === "answer") continue;
        const done = step(state, event);
        state = done.state;
        const journals = done.effects.filter((effect) => effect.kind === "journal");
        expect(journals.length).toBeLessThanOrEqual(1);
        if (journals.length) expect(done.effects[0]).toBe(journals[0]);
        const body = journals[0]?.body;
        if (body?.kind === "purchase") {
          const who = cards.findIndex((card) => card.student === body.student);
          leases[who] = (leases[who] as number) - (body.totalCents - body.graceCents);
          expect(leases[who]).toBeGreaterThanOrEqual(0);
          paid++;
          sales++;
        }
      }
      expect(paid).toBeLessThanOrEqual(taps);
    }),
    { numRuns: 500 },
  );
  expect(sales).toBeGreaterThan(100);
});
