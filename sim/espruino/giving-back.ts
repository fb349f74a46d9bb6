// Leases given back, on the interpreter: the gateway wishes for one lease, then for all; the terminal signs what it gives
// up, asks for what it then lacks at the next card, and sells on what it is granted anew. How long each took is printed.

import assert from "node:assert/strict";
import { toHex } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { keyOf, SOUP_CENTS, uidOf } from "./counter.ts";
import type { GatewayEnd } from "./gateway-end.ts";
import type { Box } from "./interpreter.ts";

const WAIT_MS = 120_000;
/** Whoever is being served comes first: the gateway asks again after so long. */
const AGAIN_MS = 10_000;
const TRIES_MAX = 12;
const VERSION = 2;

/** student: one whose card has a key, who has bought so many soups on the lease of version 1. */
export async function playGivingBack(
  box: Box,
  gateway: GatewayEnd,
  student: number,
  soups: number,
): Promise<void> {
  const spent = soups * SOUP_CENTS;
  const wish = { student, ceilingCents: 0, version: VERSION };
  const loweredMs = await wishFor(gateway, 1, () => ({ kind: "lower", leases: [wish] }));
  const lowered = gateway.entries.at(-1);
  assert.ok(lowered?.kind === "lowered", `a lease given back, not ${lowered?.kind}`);
  assert.deepEqual(
    [lowered.student, lowered.lease, lowered.ceilingCents],
    [student, VERSION, spent],
  );

  const closedMs = await wishFor(gateway, 2, (seq) => ({ kind: "recall", seq, reopen: true }));
  const kinds = gateway.entries.slice(-2).map((entry) => entry.kind);
  assert.deepEqual(kinds, ["close", "open"], "all leases given back, and the shift goes on");

  const soldMs = await sellAnew(box, gateway, student, spent);
  console.log(
    `given back: one lease ${loweredMs} ms after the wish, all of them ${closedMs} ms; asked, granted and sold ${soldMs} ms after the card`,
  );
}

/** Says it until so many entries have come of it; how long the last time took. */
async function wishFor(
  gateway: GatewayEnd,
  entries: number,
  message: (seq: number) => Downlink,
): Promise<number> {
  const before = gateway.entries.length;
  const isThere = (): boolean => gateway.entries.length >= before + entries;
  for (let tries = 1; ; tries++) {
    const started = performance.now();
    await gateway.send(message(before));
    try {
      await gateway.until("what is given back", isThere, AGAIN_MS);
      return Math.round(performance.now() - started);
    } catch (error) {
      if (tries >= TRIES_MAX) throw error;
    }
  }
}

/** What was granted before the close says nothing any more; what is granted as of it does. */
async function sellAnew(
  box: Box,
  gateway: GatewayEnd,
  student: number,
  spent: number,
): Promise<number> {
  const before = gateway.entries.length;
  const isAsked = (): boolean =>
    gateway.messages.some((one) => one.kind === "ask" && one.student === student);
  const beep = box.hear("tone 2600", WAIT_MS);
  const started = performance.now();
  box.tell(`place ${uidOf(student)} ${toHex(keyOf(student).secret)}`);
  await gateway.until("a question about the lease", isAsked, WAIT_MS);
  const grant = (asOf: number, version: number): Promise<void> => {
    const leases = [{ student, ceilingCents: spent + SOUP_CENTS, version }];
    return gateway.send({ kind: "leases", asOf, leases });
  };
  await grant(1, VERSION + 2);
  await grant(before, VERSION + 1);
  await beep;
  const soldMs = Math.round(performance.now() - started);
  box.tell(`take ${uidOf(student)}`);
  await gateway.until("the sale", () => gateway.entries.length > before, WAIT_MS);
  const sale = gateway.entries.at(-1);
  assert.ok(
    sale?.kind === "purchase" && sale.lease === VERSION + 1,
    "sold on the lease as of the close",
  );
  return soldMs;
}
