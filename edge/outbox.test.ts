// Goal: every publish reaches the broker at least once, in order, with a bounded number on their
// way. Method: the bookkeeping alone, driven through losses and reconnects.

import { expect, test } from "vitest";
import { QUEUE_MAX, WINDOW, createOutbox, resend, settle, submit } from "./outbox.ts";

const payload = new Uint8Array(1);
const ids = (packets: { messageId?: number }[]): (number | undefined)[] =>
  packets.map((packet) => packet.messageId);

test("a window is on its way, and each PUBACK lets the next one go", () => {
  const outbox = createOutbox();
  const sent = Array.from({ length: WINDOW + 2 }, () => submit(outbox, "t", payload, false, true));
  expect(sent.flat().length).toBe(WINDOW);
  expect(ids(settle(outbox, 1))).toEqual([WINDOW + 1]);
  expect(ids(settle(outbox, 1))).toEqual([]);
  expect(outbox.inFlight.size + outbox.queue.length).toBe(WINDOW + 1);
});

test("nothing leaves while disconnected; then the old ones come first, as repeats", () => {
  const outbox = createOutbox();
  submit(outbox, "a", payload, false, true);
  submit(outbox, "b", payload, false, true);
  settle(outbox, 1);
  expect(submit(outbox, "c", payload, true, false)).toEqual([]);
  const again = resend(outbox).map(({ topic, dup, retain }) => ({ topic, dup, retain }));
  expect(again).toEqual([
    { topic: "b", dup: true, retain: false },
    { topic: "c", dup: false, retain: true },
  ]);
});

test("a broker that never comes back does not fill the memory", () => {
  const outbox = createOutbox();
  for (let count = 0; count < QUEUE_MAX + 10; count++)
    submit(outbox, String(count), payload, false, false);
  expect(outbox.queue.length).toBe(QUEUE_MAX);
  expect(outbox.queue[0]?.topic).toBe("10");
});

test("message ids go round without meeting one that is still on its way", () => {
  const outbox = createOutbox();
  submit(outbox, "slow", payload, false, true);
  let met = 0;
  for (let count = 0; count < 70_000; count++) {
    const [packet] = submit(outbox, "quick", payload, false, true);
    if (packet?.messageId === 1) met++;
    settle(outbox, packet?.messageId ?? 0);
  }
  expect(met).toBe(0);
  expect(outbox.inFlight.size).toBe(1);
});
