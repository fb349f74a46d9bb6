// A counter on the interpreter, made as an office makes one: flash laid out, files and scripts written, then taught by the
// gateway's end how many students there are, what they may spend and what is sold.

import type { Firmware } from "#firmware/build.ts";
import { bundleFor } from "#firmware/build.ts";
import { FILE_BYTES_MAX, LINUX_STORAGE } from "#firmware/boards/regions.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { firstSlot, firstSlotInFile } from "#firmware/provision/first-slot.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { concat, fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import type { CardKey } from "#protocol/card-key.ts";
import { terminalKey } from "#protocol/card-key.ts";
import { compareCard, digestOfRoster, encodeRecord, PAGE_BYTES } from "#protocol/roster.ts";
import { nodePrimitives } from "../primitives.ts";
import type { GatewayEnd, TerminalIdentity } from "./gateway-end.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript, storeFile } from "./interpreter.ts";

export const SOUP_CENTS = 100;
const SCHOOL = "college-demo";
const SECRET = fromLatin1("a secret of the school, 32 bytes");
const LEASES_PER_MESSAGE = 100;

/** box: the script that makes the board, from sim/espruino/box/. releaseKey: for a box that takes newer firmware. */
export type CounterOrder = {
  box: string;
  brokerPort: number;
  nonces: number;
  releaseKey?: Uint8Array;
};
/** Names in Storage. The loader sets a timer for the terminal's script, which then finds the board that the box made. Not
 * .boot0: other scripts run on this interpreter, too. */
const LOADER = "loader";
export const BOX = "box";
/** scripts: names in Storage, to be run in this order. */
export type Counter = {
  identity: TerminalIdentity;
  scripts: string[];
  pool: Uint8Array;
  burnMap: Uint8Array;
};

/** The UID of student n's card. */
export const uidOf = (student: number): string =>
  "04" + (0x10000 + student).toString(16).padStart(12, "0");

/** The key of student n's card, of epoch 1. */
export const keyOf = (student: number): CardKey =>
  terminalKey(nodePrimitives.encryptCbc, SECRET.subarray(0, 16), fromHex(uidOf(student)), 1);

/** What an office does for a new box: regions first, then the files, then the script. A pool that does not fit beside the
 * regions is served by who ordered it. */
export async function installCounter(
  interpreter: Interpreter,
  firmware: Firmware,
  order: CounterOrder,
): Promise<Counter> {
  const who = { school: SCHOOL, terminal: 1, epoch: 1, sealSecret: SECRET };
  const broker = { host: "127.0.0.1", port: order.brokerPort };
  const { nonces, releaseKey } = order;
  const made = provisionTerminal({ ...who, broker, nonces, ...(releaseKey && { releaseKey }) });
  const prepare = await bundleFor("sim/espruino/box/prepare.ts", "closed");
  runScript(interpreter, "prepare.js", `BURN_MAP_HEX="${toHex(made.burnMap)}";\n${prepare}`);
  for (const [name, content] of Object.entries(made.files))
    if (content.length <= FILE_BYTES_MAX.pool) storeFile(interpreter, name, content);
  if (releaseKey) storeFile(interpreter, "comb", combTable());
  const slot = firstSlot(nodePrimitives.sha256, fromLatin1(firmware.code));
  storeFile(interpreter, "regions", slot, firstSlotInFile(LINUX_STORAGE));
  const scripts = [LOADER, BOX];
  const entries = ["firmware/boards/boot-linux.ts", `sim/espruino/box/${order.box}`];
  for (const [i, name] of scripts.entries())
    storeFile(interpreter, name, fromLatin1(await bundleFor(entries[i] ?? "", "closed")));
  return {
    identity: { ...who, publicKey: made.publicKey },
    scripts,
    pool: made.files.pool,
    burnMap: made.burnMap,
  };
}

/** proving: the cards of so many students, from the first, have a key. */
export type Lesson = { students: number; ceilingCents: number; proving?: number };

/** Roster, prices, leases and time, as the gateway sends them to a new terminal. */
export async function teach(gateway: GatewayEnd, lesson: Lesson): Promise<void> {
  await gateway.send({ kind: "time", seconds: Math.floor(Date.now() / 1000) });
  await teachRoster(gateway, lesson.students, lesson.proving ?? 0);
  const leases = Array.from({ length: lesson.students }, (_, i) => ({
    student: i + 1,
    ceilingCents: lesson.ceilingCents,
    version: 1,
  }));
  for (let from = 0; from < leases.length; from += LEASES_PER_MESSAGE)
    await gateway.send({
      kind: "leases",
      asOf: 1,
      leases: leases.slice(from, from + LEASES_PER_MESSAGE),
    });
  const soup = {
    product: 1,
    revision: 1,
    unitCents: SOUP_CENTS,
    essential: true,
    allergens: 0,
    name: fromLatin1("Potage"),
  };
  const till = { language: "fr" as const, soup: 1, keys: [1], graceCents: 0 };
  await gateway.send({ kind: "prices", version: 1, till, products: [soup] });
}

async function teachRoster(gateway: GatewayEnd, students: number, proving: number): Promise<void> {
  const records = Array.from({ length: students }, (_, i) => ({
    card: fromHex(uidOf(i + 1)),
    student: i + 1,
    allergens: 0,
    name: fromLatin1(`\xc9l\xe8ve ${i + 1}`),
    group: fromLatin1("4G"),
    key: i < proving ? keyOf(i + 1) : undefined,
  })).toSorted((a, b) => compareCard(encodeRecord(a), 0, b.card));
  const roster = concat(records.map(encodeRecord));
  const pageOf = (page: number) => roster.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  const sha256 = digestOfRoster(nodePrimitives.sha256, students, pageOf);
  await gateway.send({ kind: "roster", version: 1, records: students, sha256 });
  for (let page = 0; page * PAGE_BYTES < roster.length; page++)
    await gateway.send({ kind: "page", version: 1, page, records: pageOf(page) });
}

/** Whether the terminal has said that it learned all of it. */
export const knowsLesson = (gateway: GatewayEnd): boolean =>
  gateway.messages.some((one) => one.kind === "status" && one.roster === 1 && one.prices === 1);
