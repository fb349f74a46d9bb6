// Goal: a purchase is paid by the student it names exactly when the card was theirs, and not blocked, at the moment it was
// laid, whatever became of the card before the entry arrived. Method: one card goes through many hands; then entries of every
// moment arrive together, late; the same for random lives of a card against a plain retelling of the rule.

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  ZOE,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  topUp,
} from "#sim/ledger-stage.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { insertCard, setStatus, takeBack } from "./people/cards/rows.ts";
import { fromHex } from "#protocol/bytes.ts";

/** The one that terminals on paper read. */
const CARD = fromHex("04a1b2c3d4e5f6");
const SOUP = [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }];

let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  for (const student of [LINA, ZOE]) {
    await topUp(stage, student, 5000);
    await lend(stage, 1, student, 3000);
  }
});

type Deed = "issue Lina" | "issue Zoé" | "block" | "unblock" | "return";

async function happen(deed: Deed, at: number): Promise<void> {
  const cause = { author: 0, at, reason: "" };
  const rows = {
    "issue Lina": [insertCard({ uid: CARD, student: LINA, keyEpoch: 0 }, cause)],
    "issue Zoé": [insertCard({ uid: CARD, student: ZOE, keyEpoch: 0 }, cause)],
    block: [setStatus(CARD, "blocked", cause)],
    unblock: [setStatus(CARD, "active", cause)],
    return: takeBack({ uid: CARD }, cause),
  };
  await stage.ledger.client.batch(rows[deed], "write");
}

/** What became of a purchase of each student at each moment, all of which arrive together. */
async function arrive(taps: [student: number, at: number][]): Promise<string[]> {
  const tokens = taps.map(([student, at]) =>
    sayToken(stage.first, { kind: "purchase", student, lines: SOUP }, at),
  );
  const { results } = await give(stage, [sayTokens(stage.first, tokens)]);
  await checkBooks(stage);
  return results.flatMap(({ outcomes }) => outcomes);
}

describe("arriving after everything", () => {
  test("a card that was lost, found, handed in and issued again", async () => {
    await happen("issue Lina", NOON);
    await happen("block", NOON + 100);
    await happen("unblock", NOON + 200);
    await happen("return", NOON + 300);
    await happen("issue Zoé", NOON + 400);
    const taps: [number, number, string][] = [
      [LINA, NOON - 1, "booked"],
      [LINA, NOON + 50, "booked"],
      [LINA, NOON + 100, "risk"],
      [LINA, NOON + 150, "risk"],
      [LINA, NOON + 250, "booked"],
      [LINA, NOON + 350, "risk"],
      // The counter had the roster of yesterday: the new holder's soup is not the old one's.
      [LINA, NOON + 450, "risk"],
      [ZOE, NOON + 450, "booked"],
    ];
    const outcomes = await arrive(taps.map(([student, at]) => [student, at]));
    expect(outcomes).toEqual(taps.map(([, , outcome]) => outcome));
  });

  test("a card that is nobody's any more", async () => {
    await happen("issue Lina", NOON);
    await happen("return", NOON + 100);
    expect(
      await arrive([
        [LINA, NOON + 50],
        [LINA, NOON + 150],
      ]),
    ).toEqual(["booked", "risk"]);
  });
});

test("any life of a card", async () => {
  const deeds = fc.array(fc.constantFrom("issue", "block", "unblock", "return"), { maxLength: 8 });
  const moments = fc.array(fc.tuple(fc.constantFrom(LINA, ZOE), fc.nat(90)), {
    minLength: 1,
    maxLength: 6,
  });
  let start = NOON;
  await fc.assert(
    fc.asyncProperty(deeds, moments, async (lived, asked) => {
      start += 1000;
      await stage.ledger.client.batch(takeBack({ uid: CARD }, cause(start - 1)), "write");
      let holder = 0;
      let isBlocked = false;
      // A card without a history was never taken from anybody: nothing is held against what came before it.
      const history = await stage.ledger.client.execute("select 1 from card_event");
      const told: { at: number; pays: number }[] = history.rows.length
        ? [{ at: start - 1, pays: 0 }]
        : [];
      for (const [i, deed] of lived.entries()) {
        const at = start + i * 10;
        if (deed === "issue" && !holder) {
          holder = i % 2 ? LINA : ZOE;
          isBlocked = false;
          await happen(holder === LINA ? "issue Lina" : "issue Zoé", at);
        } else if (holder && deed === "return") {
          holder = 0;
          await happen("return", at);
        } else if (holder && (deed === "block" || deed === "unblock")) {
          isBlocked = deed === "block";
          await happen(deed, at);
        }
        told.push({ at, pays: isBlocked ? 0 : holder });
      }
      const taps = asked.map(([student, after]): [number, number] => [student, start + after]);
      const expected = taps.map(([student, at]) =>
        (told.findLast((one) => one.at <= at)?.pays ?? student) === student ? "booked" : "risk",
      );
      // Nothing ever stopped this card: then nothing is looked up, and its holder is whom the token names.
      const stopped = await stage.ledger.client.execute(
        "select 1 from card_event where kind in ('blocked', 'returned')",
      );
      const outcomes = await arrive(taps);
      expect(outcomes).toEqual(stopped.rows.length ? expected : outcomes.map(() => "booked"));
    }),
    { numRuns: 15 },
  );
});

const cause = (at: number) => ({ author: 0, at, reason: "" });
