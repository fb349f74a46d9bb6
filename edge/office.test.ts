// Goal: a key gets into the ledger exactly once, by the school's office and nobody else, and from then on the terminal's
// tokens count; those of its old epoch still verify. Method: requests as npm run provision sends them, forged ones, and
// tokens under the registered keys.

import { beforeEach, expect, test } from "vitest";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import { MAC_HEADER, REGISTRATION_PATH, registrationMac } from "#protocol/registration.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, SCHOOL, SEAL_SECRET, checkBooks, give, openLedgerStage } from "#sim/ledger-stage.ts";
import type { PaperTerminal } from "#sim/paper-terminal.ts";
import { paperTerminal, sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { primitives } from "./crypto.ts";
import { office } from "./office.ts";
import { registerTerminal } from "./ledger/registrations.ts";

let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
});

const third = (epoch: number): PaperTerminal => paperTerminal(SCHOOL, 3, epoch, SEAL_SECRET);
const orderOf = (paper: PaperTerminal): Registration => ({
  terminal: paper.terminal,
  epoch: paper.epoch,
  name: "Bar d'en haut",
  publicKey: toHex(paper.publicKey),
});

const macOf = (secret: Uint8Array, school: string, body: string): Uint8Array =>
  registrationMac(primitives.hmacSha256, secret, school, fromLatin1(body));

async function send(body: string, mac: Uint8Array): Promise<Response> {
  const app = office(() => ({
    school: SCHOOL,
    sealSecret: SEAL_SECRET,
    register: (order) => registerTerminal(stage.ledger, order, NOON),
  }));
  const headers = { [MAC_HEADER]: toHex(mac) };
  return app.request(REGISTRATION_PATH, { method: "POST", body, headers });
}

async function register(order: unknown): Promise<RegistrationResult> {
  const body = JSON.stringify(order);
  const answer = await send(body, macOf(SEAL_SECRET, SCHOOL, body));
  const result = (await answer.json()) as RegistrationResult;
  expect(answer.status).toBe(result.ok ? 200 : 422);
  await checkBooks(stage);
  return result;
}

async function rowsOf(sql: string): Promise<unknown[]> {
  const found = await stage.ledger.client.execute(sql);
  return found.rows.map((row) => Object.fromEntries(Object.entries(row)));
}

async function outcomeOf(paper: PaperTerminal): Promise<string | undefined> {
  const token = sayToken(paper, { kind: "open" }, NOON);
  const { results } = await give(stage, [sayTokens(paper, [token])]);
  return results[0]?.outcomes[0];
}

test("a terminal that is registered may open; before, its tokens are nobody's", async () => {
  expect(await outcomeOf(third(1))).toBe("unknown-terminal");
  expect(await register(orderOf(third(1)))).toEqual({ ok: true, replayed: false });
  expect(await outcomeOf(third(1))).toBe("noted");
  expect(await rowsOf("select id, name, epoch from terminal where id = 3")).toEqual([
    { id: 3, name: "Bar d'en haut", epoch: 1 },
  ]);
  expect(await rowsOf("select id, kind, author, at from command where author = 'office'")).toEqual([
    { id: "registerTerminal/3/1", kind: "registerTerminal", author: "office", at: NOON },
  ]);
});

test("asked again it changes nothing; another key under the same epoch is refused", async () => {
  await register(orderOf(third(1)));
  const before = await rowsOf("select * from command");
  expect(await register(orderOf(third(1)))).toEqual({ ok: true, replayed: true });
  const other = { ...orderOf(third(1)), publicKey: toHex(third(9).publicKey) };
  expect(await register(other)).toEqual({ ok: false, reason: "other-key", last: 1 });
  expect(await rowsOf("select * from command")).toEqual(before);
});

test("a new epoch starts its chain anew, and what the old one had not sent still verifies", async () => {
  const old = third(1);
  await register(orderOf(old));
  expect(await outcomeOf(old)).toBe("noted");
  expect(await register(orderOf(third(2)))).toEqual({ ok: true, replayed: false });
  expect(await outcomeOf(third(2))).toBe("noted");
  expect(await outcomeOf(old)).toBe("noted");
  expect(await rowsOf("select epoch, seq from entry where terminal = 3 order by 1, 2")).toEqual([
    { epoch: 1, seq: 1 },
    { epoch: 1, seq: 2 },
    { epoch: 2, seq: 1 },
  ]);
  expect(await rowsOf("select epoch from terminal where id = 3")).toEqual([{ epoch: 2 }]);
});

test("an epoch below the highest is refused with that one's number, a key that stands elsewhere too", async () => {
  await register(orderOf(third(5)));
  const refused = await register(orderOf(third(4)));
  expect(refused).toEqual({ ok: false, reason: "old-epoch", last: 5 });
  const taken = { ...orderOf(third(6)), publicKey: toHex(stage.first.publicKey) };
  expect(await register(taken)).toEqual({ ok: false, reason: "key-in-use", last: 5 });
});

test("a new terminal sells what another one does, if the office says so, else nothing", async () => {
  await stage.ledger.client.execute(`update terminal set till = '{"soup":1}' where id = 1`);
  await register({ ...orderOf(third(1)), like: 1 });
  await register(orderOf(paperTerminal(SCHOOL, 4, 1, SEAL_SECRET)));
  expect(await rowsOf("select id, till from terminal where id > 2")).toEqual([
    { id: 3, till: '{"soup":1}' },
    { id: 4, till: '{"language":"fr","soup":0,"keys":[],"graceCents":0}' },
  ]);
});

test("a terminal that is renewed keeps its till", async () => {
  await stage.ledger.client.execute(`update terminal set till = '{"soup":1}' where id = 1`);
  await register(orderOf(paperTerminal(SCHOOL, 1, 2, SEAL_SECRET)));
  expect(await rowsOf("select till, epoch from terminal where id = 1")).toEqual([
    { till: '{"soup":1}', epoch: 2 },
  ]);
});

test.each([
  [{ ...orderOf(third(1)), terminal: 0 }],
  [{ ...orderOf(third(1)), epoch: 65_536 }],
  [{ ...orderOf(third(1)), epoch: "1" }],
  [{ ...orderOf(third(1)), name: " " }],
  [{ ...orderOf(third(1)), publicKey: "00" }],
  [{ ...orderOf(third(1)), like: "1" }],
  [{}],
])("what is no registration is refused: %j", async (order) => {
  expect(await register(order)).toEqual({ ok: false, reason: "malformed", last: 0 });
});

test("outsiders are refused: without a MAC, with another school's, another secret's, another body's", async () => {
  const body = JSON.stringify(orderOf(third(1)));
  const forged = [
    new Uint8Array(0),
    new Uint8Array(32),
    macOf(SEAL_SECRET, "another-college", body),
    macOf(new Uint8Array(32), SCHOOL, body),
    macOf(SEAL_SECRET, SCHOOL, `${body} `),
  ];
  for (const mac of forged) expect((await send(body, mac)).status).toBe(403);
  expect(await rowsOf("select 1 from terminal where id = 3")).toEqual([]);
});
