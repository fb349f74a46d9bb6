// The emulated NTAG 424 DNA must be as strict as the real one, or tests on it prove little: what it
// counts, what it forgets without a field, and what it refuses (status words of data sheet
// NT4H2421Gx, section 9.3).

import { describe, expect, test } from "vitest";
import type { Authentication } from "#firmware/drivers/ntag424.ts";
import { authenticate, selectApplication } from "#firmware/drivers/ntag424.ts";
import {
  CHANGE_KEY,
  fullCommand,
  keyChange,
  openSession,
} from "#firmware/drivers/ntag424-session.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { nodePrimitives, randomOf } from "../primitives.ts";
import type { Ntag424 } from "./ntag424.ts";
import { ntag424Card } from "./ntag424.ts";

const ZERO = new Uint8Array(16);
const OTHER = new Uint8Array(16).fill(9);
const CHALLENGE = fromHex("000102030405060708090a0b0c0d0e0f");
const SELECT = "00a4040007d276000085010100";
const ASK = "9071000002030000";

const newCard = (): Ntag424 =>
  ntag424Card({ ...nodePrimitives, random: randomOf(4) }, fromHex("04782e21801d80"));

const send = (card: Ntag424, hex: string): string =>
  toHex(card.exchange?.(fromHex(hex)) ?? new Uint8Array(0));
const status = (card: Ntag424, hex: string): string => send(card, hex).slice(-4);

function tryKey(card: Ntag424, number: number, secret: Bytes): Authentication {
  let outcome: Authentication = { ok: false, fault: "silent" };
  const exchange = (command: Bytes, done: (answer: { data: Bytes }) => void): void =>
    done({ data: card.exchange?.(command) ?? new Uint8Array(0) });
  selectApplication(exchange, () => undefined);
  authenticate(nodePrimitives, exchange, { number, secret }, CHALLENGE, (one) => (outcome = one));
  return outcome;
}

const faultOf = (outcome: Authentication): string => (outcome.ok ? "ok" : outcome.fault);

describe("wrong keys are counted", () => {
  test("fifty in a row make it wait, and a right one among them starts the row anew", () => {
    const card = newCard();
    for (let i = 0; i < 49; i++) expect(faultOf(tryKey(card, 3, OTHER))).toBe("wrong-key");
    expect(faultOf(tryKey(card, 3, ZERO))).toBe("ok");
    expect(card.failures).toEqual({ row: 0, total: 39 });
    for (let i = 0; i < 50; i++) expect(faultOf(tryKey(card, 3, OTHER))).toBe("wrong-key");
    expect(faultOf(tryKey(card, 3, ZERO))).toBe("delayed");
  });

  test("a thousand in all lock it for ever", () => {
    const card = newCard();
    card.failures = { row: 0, total: 999 };
    expect(faultOf(tryKey(card, 3, OTHER))).toBe("wrong-key");
    card.failures.row = 0;
    expect(faultOf(tryKey(card, 3, ZERO))).toBe("delayed");
  });
});

describe("what it refuses", () => {
  test.each([
    ["anything before its application is open", [], ASK, "911c"],
    ["the file of another application", [], "00a4040007d276000085010200", "6a82"],
    ["a key it has not", [SELECT], "9071000002050000", "9140"],
    ["a second part without a first", [SELECT], "90af00002000", "91ca"],
    ["a second part of another length", [SELECT, ASK], "90af0000010000", "917e"],
    ["a change of key without a session", [SELECT], "90c400000100", "91ca"],
    ["another class", [SELECT], "80ca0000", "6e00"],
  ] as const)("%s", (_name, before, command, expected) => {
    const card = newCard();
    before.forEach((each) => send(card, each));
    expect(status(card, command)).toBe(expected);
  });

  test("a first part that the field did not outlive", () => {
    const card = newCard();
    send(card, SELECT);
    expect(status(card, ASK)).toBe("91af");
    card.leaveField?.();
    expect(status(card, "90af00002000")).toBe("911c");
  });
});

function change(number: number, session: number, damage: (command: Bytes) => Bytes): string {
  const card = newCard();
  const opened = tryKey(card, session, ZERO);
  if (!opened.ok) return "no session";
  const { encryptCbc } = nodePrimitives;
  const keys = openSession(encryptCbc, ZERO, CHALLENGE, opened.rndB, opened.ti);
  const data = keyChange(number === 0, ZERO, OTHER, 7);
  const command = fullCommand(encryptCbc, keys, CHANGE_KEY, Uint8Array.of(number), data);
  const answer = card.exchange?.(damage(command)) ?? new Uint8Array(0);
  const changed = toHex(card.keys[number] ?? ZERO) === toHex(OTHER);
  return `${toHex(answer).slice(-4)} ${changed ? "changed" : "as it was"}`;
}

const untouched = (command: Bytes): Bytes => command;
const flipped = (command: Bytes): Bytes => command.map((byte, i) => (i === 9 ? byte ^ 1 : byte));

describe("a change of key", () => {
  test.each([
    ["of another key, by the administrator's", 3, 0, untouched, "9100 changed"],
    ["of the administrator's own", 0, 0, untouched, "9100 changed"],
    ["by another key than the administrator's", 3, 2, untouched, "919d as it was"],
    ["altered on its way", 3, 0, flipped, "911e as it was"],
  ] as const)("%s: %i under %i", (_name, number, session, damage, expected) => {
    expect(change(number, session, damage)).toBe(expected);
  });
});

test("it tells its kind and its UID in three parts", () => {
  const card = newCard();
  expect(send(card, "9060000000")).toBe("0404023000110591af");
  expect(send(card, "90af000000")).toBe("0404020102110591af");
  expect(send(card, "90af000000")).toBe("04782e21801d80000000000000009100");
});
