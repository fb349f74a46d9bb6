// The terminal forgets an entry only when its gateway has said, under the seal, that the ledger has it.
// Method: a story with a gateway of the protocol's own functions, in which messages are lost at will.
// What comes down is in opening.test.ts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Uplink } from "#protocol/uplink.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";
import { ack, BOOT, createStory, numbered } from "#sim/link-story.ts";
import { MESSAGES_PER_BOOT, STATUS_MS } from "./link.ts";
import { PING_MS } from "./mqtt.ts";
import { ACK_TIMEOUT_MAX_MS, ACK_TIMEOUT_MS } from "./outbox.ts";

describe("entries go up", () => {
  test("in batches, each after the ack of the one before", () => {
    const story = createStory(25);
    story.start();
    expect(story.entries()).toEqual([numbered(1, UPLINK_TOKENS_MAX)]);
    story.timers.advance(ACK_TIMEOUT_MS - 1);
    expect(story.entries(), "the broker's word is not enough").toEqual([]);
    story.say(ack(10));
    expect(story.entries()).toEqual([numbered(11, 20)]);
    story.say(ack(20));
    story.say(ack(25));
    expect(story.entries()).toEqual([numbered(21, 25)]);
    expect(story.journal.acknowledged).toBe(25);
    story.journal.last = 26;
    story.link.nudge();
    expect(story.entries()).toEqual([["entry 26"]]);
  });

  test("again when no ack comes, from the first entry that has none, at growing intervals", () => {
    const story = createStory(12);
    story.start();
    story.heard();
    story.say(ack(4)); // part of the batch
    const waits: number[] = [];
    let before = story.timers.now();
    while (waits.length < 6) {
      story.timers.advance(500);
      for (const batch of story.entries()) {
        expect(batch).toEqual(numbered(5, 12));
        waits.push(story.timers.now() - before);
        before = story.timers.now();
      }
    }
    expect(waits).toEqual([5000, 10000, 20000, 40000, ACK_TIMEOUT_MAX_MS, ACK_TIMEOUT_MAX_MS]);
  });

  test("from where the gateway asks, up to what it had already, then on", () => {
    const story = createStory(40);
    story.journal.acknowledged = 30;
    story.start();
    story.heard();
    story.say({ kind: "resend", fromSeq: 8 });
    expect(story.entries()).toEqual([numbered(8, 17)]);
    story.say({ kind: "resend", fromSeq: 8 });
    expect(story.entries(), "one wish").toEqual([]);
    const batches: string[][] = [];
    for (let seq = 17; seq < 40;) {
      story.say(ack(seq));
      for (const batch of story.entries()) {
        batches.push(batch);
        seq += batch.length;
      }
    }
    expect(batches.flat()).toEqual(numbered(18, 40));
  });

  test("an entry asked for that the journal has forgotten is logged, and the rest goes on", () => {
    const story = createStory(12);
    story.journal.acknowledged = 10;
    story.journal.forgotten = 9;
    story.start();
    story.heard();
    story.say({ kind: "resend", fromSeq: 2 });
    expect(story.log).toContain("outbox: entry 2 was asked for but is forgotten");
    expect(story.entries()).toEqual([["entry 11", "entry 12"]]);
  });

  test("every entry arrives, in order, whatever is lost on the way", () => {
    const faults = fc.array(fc.constantFrom("deliver", "lose up", "lose ack", "cut", "new sale"), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(faults, (script) => {
        const story = createStory(15);
        let ledger = 0;
        const listen = (keeps: boolean, answers: boolean): void => {
          for (const batch of story.entries()) {
            const first = Number(batch[0]?.slice("entry ".length));
            if (!keeps) continue;
            expect(first, "no gap").toBeLessThanOrEqual(ledger + 1);
            ledger = Math.max(ledger, first + batch.length - 1);
            if (answers) story.say(ack(ledger));
          }
        };
        story.start();
        for (const fault of script) {
          if (fault === "cut") story.reconnect();
          else if (fault === "new sale") {
            story.journal.last++;
            story.link.nudge();
          } else listen(fault !== "lose up", fault === "deliver");
          story.timers.advance(1000);
        }
        for (let i = 0; i < 100 && story.journal.acknowledged < story.journal.last; i++) {
          listen(true, true);
          story.timers.advance(1000);
        }
        expect(ledger).toBe(story.journal.last);
        expect(story.journal.acknowledged).toBe(story.journal.last);
      }),
      { numRuns: 60 },
    );
  });
});

describe("each message up", () => {
  test("has a sequence of its own, above all of earlier starts", () => {
    const story = createStory(3);
    story.start();
    story.link.ask(4, 100);
    story.heard();
    expect(story.sequences).toEqual([1, 2, 3].map((n) => BOOT * MESSAGES_PER_BOOT + n));
  });

  test("tells what waits: a status at each connection and each minute, a question at once", () => {
    const story = createStory(0);
    story.applied.prices = 9;
    story.start();
    const backlog = { unsent: 0, oldest: 1_700_000_000 };
    const status = {
      kind: "status",
      sequence: 0,
      roster: 0,
      prices: 9,
      blocks: 0,
      orders: 0,
      acked: 0,
      ...backlog,
    };
    expect(story.heard()).toEqual([status]);
    expect(story.link.ask(4, 100)).toBe(true);
    expect(story.heard()).toEqual([{ kind: "ask", student: 4, cents: 100, ...backlog }]);
    const later: Uplink[] = [];
    for (let passedMs = 0; passedMs < STATUS_MS; passedMs += PING_MS) {
      story.timers.advance(PING_MS);
      later.push(...story.heard());
    }
    expect(later).toEqual([status]);
    story.broker.current().events.onClose();
    expect(story.link.ask(4, 100), "nobody can answer").toBe(false);
  });
});
