// Goal: a card is personalised whole whatever happens, and no card is ever lost for good. Method:
// an emulated card with real AES on the emulated reader, pulled away before and after each single
// exchange; then laid again until it is done.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { keyNumberOf } from "#protocol/card-key.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import { phone, plainCard } from "#sim/parts/card.ts";
import type { EmulatedCard } from "#sim/parts/card.ts";
import { createCardMaker } from "#sim/parts/card-maker.ts";
import type { Ntag424 } from "#sim/parts/ntag424.ts";
import { ntag424Card } from "#sim/parts/ntag424.ts";
import { createEmulatedPn532 } from "#sim/parts/pn532.ts";
import type { EmulatedPn532 } from "#sim/parts/pn532.ts";
import { nodePrimitives, randomOf } from "#sim/primitives.ts";
import { openKeyRing, plannedKeys } from "./card-keys.ts";
import type { OfficeReader } from "./office-reader.ts";
import { CardGone, openOfficeReader } from "./office-reader.ts";
import { NXP, isOriginal } from "./originality.ts";
import type { Personalised } from "./personalise.ts";
import { isNtag424, personalise } from "./personalise.ts";
import { openTranscript } from "./transcript.ts";

const SECRETS = { card: new Uint8Array(32).fill(1), office: new Uint8Array(32).fill(2) };
const UID = fromHex("04782e21801d80");
const keyOf = openKeyRing(nodePrimitives, SECRETS, "college-demo", UID);
const EXCHANGES_MAX = 40;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "obole-cards-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let transcripts = 0;
const newPath = (): string => join(folder, `${++transcripts}.jsonl`);

const newCard = (): Ntag424 => ntag424Card({ ...nodePrimitives, random: randomOf(3) }, UID);
const keysOf = (card: Ntag424): string[] => card.keys.map(toHex);
const planned = (epoch: number): string[] =>
  plannedKeys(epoch).map((name, number) => toHex(keyOf(number, name)));

/** A reader whose time passes as fast as the machine goes. work gets it with its chip. */
async function atDesk<T>(
  work: (reader: OfficeReader, chip: EmulatedPn532) => Promise<T>,
): Promise<T> {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  const desk = { nfc: chip, after: timers.after, cancel: timers.cancel };
  const progress = { isDone: false };
  const result = openOfficeReader(desk)
    .then((reader) => work(reader, chip))
    .finally(() => (progress.isDone = true));
  result.catch(() => undefined);
  while (!progress.isDone) {
    timers.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return result;
}

/** One laying of the card on the desk's reader. */
function lay(card: EmulatedCard, epoch: number, path: string): Promise<Personalised | "gone"> {
  return atDesk(async (reader, chip) => {
    chip.place(card);
    const found = await reader.find();
    if (!found) throw new Error("test: no card");
    const transcript = openTranscript(path);
    const to = { uid: found.uid, keyOf };
    return personalise(nodePrimitives, reader, to, epoch, transcript).catch((error: unknown) => {
      if (error instanceof CardGone) return "gone" as const;
      throw error;
    });
  });
}

/** The card, which stops answering at its exchange number `at`: before it has heard the command,
 * or after it has done it. */
function pulled(card: Ntag424, at: number, when: "before" | "after"): EmulatedCard {
  let exchanges = 0;
  return {
    ...card,
    exchange(command) {
      if (++exchanges > at || (exchanges === at && when === "before")) return undefined;
      const answer = card.exchange?.(command);
      return exchanges === at ? undefined : answer;
    },
  };
}

test("a card from the factory gets its five keys, and each was tried", async () => {
  const card = newCard();
  const path = newPath();
  expect(await lay(card, 1, path)).toEqual({ ok: true, changed: 5 });
  expect(keysOf(card)).toEqual(planned(1));
  expect(card.versions).toEqual([1, 1, 1, 1, 1]);
  expect(card.failures.total).toBe(0);
  expect(new Set(keysOf(card)).size).toBe(5);
  expect(await lay(card, 1, path)).toEqual({ ok: true, changed: 0 });
});

test("a raised epoch changes one key, and leaves that of the epoch before", async () => {
  const card = newCard();
  const path = newPath();
  await lay(card, 1, path);
  const first = keysOf(card)[keyNumberOf(1)];
  expect(await lay(card, 2, path)).toEqual({ ok: true, changed: 1 });
  expect(keysOf(card)).toEqual(planned(2));
  expect(keysOf(card)[keyNumberOf(1)]).toBe(first);
  expect(await lay(card, 3, path)).toEqual({ ok: true, changed: 1 });
  expect(keysOf(card)[keyNumberOf(1)]).not.toBe(first);
});

describe("pulled away at any exchange, it is whole after it was laid again", () => {
  test.each(["before", "after"] as const)("%s the card did what it was told", async (when) => {
    let interrupted = 0;
    for (let at = 1; at <= EXCHANGES_MAX; at++) {
      const card = newCard();
      const path = newPath();
      const first = await lay(pulled(card, at, when), 1, path);
      if (first !== "gone") {
        expect(first).toEqual({ ok: true, changed: 5 });
        break;
      }
      interrupted++;
      // Once more in the middle, then in peace.
      await lay(pulled(card, at, when), 1, path);
      expect(await lay(card, 1, path)).toMatchObject({ ok: true });
      expect(keysOf(card)).toEqual(planned(1));
      expect(toHex(card.ndef.rights)).toBe("00e0");
      expect(card.failures.total).toBeLessThanOrEqual(3);
    }
    console.log(`personalise: pulled ${when} each of ${interrupted} exchanges, recovered`);
    expect(interrupted).toBeGreaterThan(15);
    expect(interrupted).toBeLessThan(EXCHANGES_MAX);
  });
});

test("what anybody may write on a card from the factory, nobody may afterwards", async () => {
  const select = fromHex("00a4040007d276000085010100");
  const graffiti = fromHex("908d00000c0200000005000068656c6c6f00");
  const card = newCard();
  const write = (): string => {
    card.exchange?.(select);
    return toHex(card.exchange?.(graffiti) ?? new Uint8Array(0));
  };
  expect(write()).toBe("9100");
  expect(toHex(card.ndef.content.subarray(0, 5))).toBe("68656c6c6f");
  card.ndef.content.fill(0);
  expect(await lay(card, 1, newPath())).toEqual({ ok: true, changed: 5 });
  expect(write()).toBe("919d");
  expect(card.ndef.content.some(Boolean)).toBe(false);
});

test("a card of unknown keys is left alone after one try", async () => {
  const card = newCard();
  await lay(card, 1, newPath());
  const without = await lay(card, 1, newPath());
  expect(without).toMatchObject({ ok: false, reason: "unknown-keys" });
  expect(card.failures.total).toBe(1);
  expect(keysOf(card)).toEqual(planned(1));
});

test("other cards are none of ours", async () => {
  const imitation: EmulatedCard = { ...phone(UID), exchange: () => fromHex("6d00") };
  expect(await lay(imitation, 1, newPath())).toMatchObject({ reason: "not-ntag424" });
  await atDesk(async (reader, chip) => {
    expect(await reader.find()).toBeUndefined();
    chip.place(newCard());
    await reader.find();
    expect(await isNtag424(reader)).toBe(true);
    chip.place(plainCard(fromHex("8a4d694f")));
    expect(await reader.find(), "two cards").toBeUndefined();
  });
});

test("a card that its maker signed is original, one without the signature is not", async () => {
  const maker = createCardMaker("a maker");
  await atDesk(async (reader, chip) => {
    const card = newCard();
    chip.place(card);
    await reader.find();
    expect(await isOriginal(reader, UID, maker.publicKey)).toBe(false);
    card.signature = maker.sign(UID);
    expect(await isOriginal(reader, UID, maker.publicKey)).toBe(true);
    expect(await isOriginal(reader, UID, NXP)).toBe(false);
  });
});

test("the transcript names keys and holds none", async () => {
  const path = newPath();
  await lay(newCard(), 1, path);
  const text = readFileSync(path, "utf8");
  for (const key of planned(1)) expect(text).not.toContain(key);
  const lines = text.split("\n").filter(Boolean);
  expect(lines).toHaveLength(10);
  expect(JSON.parse(lines[9] ?? "")).toMatchObject({
    key: 0,
    from: "factory",
    to: "office",
    state: "done",
  });
});
