// Goal: what a card does at the counter, online and offline. Method: stories
// (sim/counter-story.ts), one line an event, and beside it everything the terminal does, in order:
// what it journals, asks, sounds, waits for (ms) and shows (big word). What is not in the line did
// not happen.

import { describe, expect, test } from "vitest";
import type { Effect, Event } from "./state.ts";
import { createState, step } from "./terminal.ts";
import {
  IDLE,
  catalogue,
  factsOf,
  gone,
  healthy,
  lina,
  noah,
  offState,
  play,
  press,
  productKey,
  ready,
  report,
  tap,
  timeout,
} from "#sim/counter-story.ts";

/** Everything but the entry, without the network sign. */
function seen(events: Event[]): string {
  let state = step(ready, report({ online: events.length > 1 })).state;
  let effects: Effect[] = [];
  for (const event of events) ({ state, effects } = step(state, event));
  const outside = effects.filter((effect) => effect.kind !== "journal");
  return JSON.stringify(outside).replace(/"online":(true|false)/, "");
}

describe("the start", () => {
  test("power on opens a shift in the journal before anything shows", () => {
    play(offState, [[{ kind: "start" }, 'journal open, key, wait 0, "Bonjour"']]);
  });

  test("until prices come, a tap sells nothing", () => {
    const started = step(offState, { kind: "start" }).state;
    play(started, [
      [tap(lina), 'refused, wait 4000, "Un moment"'],
      [timeout, 'wait 0, "Bonjour"'],
      [{ kind: "catalogue", catalogue }, IDLE],
    ]);
  });

  test("a terminal that cannot write stays closed", () => {
    const empty = createState(offState.open, { ...healthy, nonces: 0 });
    play(empty, [[{ kind: "start" }, 'refused, wait 4000, "Désolé"']]);
  });
});

describe("soup by a tap alone", () => {
  test("one tap is one sale, journalled before it sounds or shows", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [timeout, `wait 0, ${IDLE}`],
      [gone, IDLE],
    ]);
  });

  test("a card that stays on the reader does not pay again", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [tap(lina), '"Merci !"'],
      [timeout, `wait 0, ${IDLE}`],
      [tap(lina), IDLE],
    ]);
  });

  test("once it has left and its answer is over, it does", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [gone, '"Merci !"'],
      [timeout, `wait 0, ${IDLE}`],
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("the next in the queue need not wait for the screen", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [gone, '"Merci !"'],
      [tap(noah), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test.each([
    ["a card nobody knows", { record: undefined }, "refused", "Inconnue"],
    ["a blocked card", { blocked: true }, "refused", "Désolé"],
    [
      "a card that must prove itself",
      { record: { ...lina, key: { epoch: 1, secret: new Uint8Array(16) } } },
      "refused",
      "Désolé",
    ],
  ])("%s is refused, and the next tap is welcome", (_, facts, tune, big) => {
    play(ready, [
      [tap(lina, facts), `${tune}, wait 4000, "${big}"`],
      [gone, `"${big}"`],
      [tap(noah), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("two cards, or one that cannot be read, are asked to come again", () => {
    play(ready, [
      [{ kind: "two-cards" }, 'retry, wait 4000, "Une carte"'],
      [{ kind: "unreadable-card" }, 'retry, wait 4000, "Encore"'],
      [timeout, `wait 0, ${IDLE}`],
    ]);
  });

  test("what is signed is what was shown", () => {
    const [journal] = step(ready, tap(lina, { leaseVersion: 8 })).effects;
    expect(journal).toEqual({
      kind: "journal",
      operator: 0,
      body: {
        kind: "purchase",
        card: lina.card,
        student: 17,
        lines: [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }],
        totalCents: 100,
        graceCents: 0,
        lease: 8,
        roster: 9,
        prices: 4,
        proof: { method: "uid" },
      },
    });
  });
});

describe("a lease that is too small", () => {
  test("online: the gateway raises it, and the sale goes on", () => {
    play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [
        { kind: "answer", facts: factsOf(lina, { leaseCents: 130 }) },
        'journal purchase 100, accepted, wait 2500, "Merci !"',
      ],
    ]);
  });

  test("online: the gateway has no more to give", () => {
    play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [
        { kind: "answer", facts: factsOf(lina, { leaseCents: 30 }) },
        'refused, wait 4000, "Désolé"',
      ],
    ]);
  });

  test("online, but silent: it counts as offline, so the essential goes on grace", () => {
    const state = play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [timeout, 'journal purchase 100 grace 70, accepted, wait 2500, "Merci !"'],
    ]);
    expect(state.report.online).toBe(true);
  });

  test("an answer that comes too late sells nothing", () => {
    play(ready, [
      [
        tap(lina, { leaseCents: 0, graceUsedCents: 200 }),
        'ask 100 for 17, wait 1500, "Un instant"',
      ],
      [timeout, 'refused, wait 4000, "Désolé"'],
      [{ kind: "answer", facts: factsOf(lina) }, '"Désolé"'],
    ]);
  });

  test("while the gateway is asked, other cards and keys wait; cancel ends it", () => {
    play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [{ kind: "answer", facts: factsOf(noah) }, '"Un instant"'],
      [tap(noah), 'retry, "Un instant"'],
      [productKey(1), 'retry, "Un instant"'],
      [{ kind: "two-cards" }, '"Un instant"'],
      [press("cancel"), `key, wait 0, ${IDLE}`],
      [{ kind: "answer", facts: factsOf(lina) }, IDLE],
    ]);
  });

  test("offline: essential goods on grace, others not", () => {
    play(ready, [
      [report({ online: false }), IDLE],
      [
        tap(lina, { leaseCents: 30 }),
        'journal purchase 100 grace 70, accepted, wait 2500, "Merci !"',
      ],
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("ok"), 'key, wait 60000, "3,50 \x80"'],
      [tap(noah, { leaseCents: 340 }), 'refused, wait 4000, "Désolé"'],
    ]);
  });

  test("paid from the lease, after a question, or on grace: same sound, same screen", () => {
    const fromLease = seen([tap(lina)]);
    expect(seen([tap(lina, { leaseCents: 0 })])).toBe(fromLease);
    expect(seen([tap(lina, { leaseCents: 0 }), { kind: "answer", facts: factsOf(lina) }])).toBe(
      fromLease,
    );
  });
});
