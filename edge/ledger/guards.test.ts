// Goal: the database itself refuses whatever would break the books, whoever asks. Method: a fresh
// ledger with one sale in it, and one forbidden statement for each guard; then the guards are
// counted in the database, so that one without a case here fails the test, and so does a case
// without a guard.

import { beforeAll, describe, expect, test } from "vitest";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { LINA, NOON, checkBooks, give, lend, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import { isRefused } from "./ledger.ts";
import { migrate } from "./migrate.ts";
import { textIn } from "./row.ts";

let stage: LedgerStage;

beforeAll(async () => {
  stage = await openLedgerStage();
  await topUp(stage, LINA, 1000);
  await lend(stage, 1, LINA, 400);
  const soup = [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }];
  const tokens = [
    sayToken(stage.first, { kind: "purchase", student: LINA, lines: soup }, NOON),
    sayToken(stage.first, { kind: "void", student: LINA, totalCents: 100, voids: 1 }, NOON),
  ];
  await give(stage, [sayTokens(stage.first, tokens)]);
  await stage.ledger.client.batch(
    [
      "insert into person(id, username, name, role) values(7, 'sophie', 'Sophie', 'counter')",
      "insert into badge(uid, person, since) values(x'04bada55', 7, 0)",
      "insert into card(uid, student, status, since) values(x'04ca4d01', 1, 'active', 0)",
      `insert into release(version, script, sha256, signature, released_at)
        values(1, x'00', zeroblob(32), zeroblob(64), 0)`,
      `insert into pre_order(id, student, day, lines, state)
        values(1, 1, 20000, '[[1, 1]]', 'cancelled')`,
      "insert into lease(terminal, epoch, student, account) values(2, 1, 1, 8)",
      "insert into write_off values(2, 1, 0, 1)",
      "insert into assignment values(1, 1)",
      "insert into period select 202610, 1, last_seq, no, hash, 0, 1 from block order by no desc limit 1",
      "insert into statement values(1, 202610, 8, 0, 0, 1000, 1000)",
      "insert into head select 20000, no, hash, 0 from block order by no desc limit 1",
      "insert into register_import values('a', 'a.csv', zeroblob(32), 2026, 7, 0, x'', 'confirmed', 1, '')",
      "insert into erasure values('person/8', 0, 7)",
      "insert into audit(at, author, action, subject, after) values(0, 7, 'card.block', 'card/04', '1')",
      `insert into mail(id, address, subject, body, queued_at)
        values('head/20000', 'comite@ecole.example', 'Registre', '', 0)`,
    ],
    "write",
  );
});

const HASH = "zeroblob(32)";
/** The next transfer, by what differs from a good one. */
const transfer = (changes: Record<string, number | string> = {}): string => {
  const seq = "(select max(seq) + 1 from transfer)";
  const good = { seq, source: 0, counter: 99, line: 0, debit: 1, credit: 8, amount: 1, at: 1 };
  const row = { ...good, reverses: "null", evidence: HASH, ...changes };
  return `insert into transfer(${Object.keys(row).join()}) values(${Object.values(row).join()})`;
};
const LEASE = "where terminal = 1 and student = 1";

/** [what must not happen, the message of its guard]; checks name themselves by their condition. */
const CASES: [string, string][] = [
  [transfer({ seq: 99 }), "seq is not the next one"],
  [transfer({ seq: -5 }), "seq is not the next one"],
  [transfer({ counter: 5 }), "already posted"],
  [transfer().replace("insert", "insert or replace").replace(",99,", ",5,"), "already posted"],
  [transfer({ debit: 10, credit: 8, amount: 100, reverses: 2 }), "already reversed"],
  [transfer({ debit: 8, credit: 1, amount: 999, reverses: 1 }), "not the reverse"],
  [transfer({ amount: 0 }), "CHECK"],
  [transfer({ debit: 1, credit: 1 }), "CHECK"],
  [transfer({ credit: 999 }), "FOREIGN KEY"],
  [transfer({ debit: 8, credit: 1, amount: 601 }), "CHECK"],
  ["insert into badge(uid, person, since) values(x'04ca4d01', 7, 0)", "uid is a card"],
  [
    "insert into card(uid, student, status, since) values(x'04bada55', 1, 'active', 0)",
    "uid is a badge",
  ],
  [
    "insert into card(uid, student, status, since) values(x'04ca4d01', 2, 'active', 0)",
    "card is of another student",
  ],
  ["update card set student = 2", "a card is taken back and issued anew, not moved"],
  ["update card_event set at = 1", "the history of cards only grows"],
  ["delete from card_event", "the history of cards only grows"],
  [
    "insert into card_event values(1, x'04ca4d01', 1, 'issued', 0, 0, '', 0)",
    "the history of cards only grows",
  ],
  ["update badge set person = 1", "a badge is given and taken back, not changed"],
  ["update pre_order set day = 2", "an order is cancelled and made anew, not moved"],
  ["update pre_order set state = 'collected'", "an order ends once"],
  ["update pre_order set command = 1", "an order keeps its command"],
  ["update release set script = x'01'", "release: never changed"],
  ["delete from pre_order", "an order is cancelled, not deleted"],
  ["update transfer set amount = 1 where seq = 1", "transfer is immutable"],
  ["delete from transfer where seq = 1", "transfer is immutable"],
  ["insert or replace into account(id, kind, ref) values(1, 'equity', 'x')", "account exists"],
  ["insert or replace into account(id, kind, ref) values(99, 'wallet', '1')", "account exists"],
  [
    "insert into account(id, kind, ref, balance, credits) values(99, 'risk', 'x', 1, 1)",
    "account opens at zero",
  ],
  ["update account set balance = balance + 1 where id = 8", "CHECK"],
  ["update account set reserved = 1001 where id = 8", "CHECK"],
  ["update account set reserved = 1 where id = 1", "CHECK"],
  ["update account set kind = 'risk' where id = 8", "account is fixed"],
  ["delete from account where id = 2", "account is permanent"],
  ["insert or replace into entry select * from entry where seq = 1", "entry exists"],
  [
    `insert into entry select terminal, epoch, seq + 3, kind, student, total, leased, at, outcome,
      hash, token, received_at, nonce from entry where seq = 1`,
    "entry out of order",
  ],
  ["update entry set total = 1 where seq = 1", "entry is immutable"],
  ["delete from entry where seq = 2", "entry is immutable"],
  ["insert or replace into command select * from command where no = 1", "command exists"],
  ["update command set body = '' where no = 1", "command is immutable"],
  ["delete from command where no = 1", "command is immutable"],
  [`insert into block values(9, 99, 99, 0, ${HASH}, ${HASH})`, "stale head"],
  [`insert into block select max(no) + 1, 4, 9, 0, hash, ${HASH} from block`, "block range"],
  [`insert or replace into block values(0, 0, 0, 0, ${HASH}, ${HASH})`, "one genesis"],
  ["update block set at = 1 where no = 1", "block is immutable"],
  ["delete from block where no = 1", "block is immutable"],
  [`insert or replace into lease select * from lease ${LEASE}`, "lease exists"],
  ["insert into lease values(1, 1, 2, 9, 0, 1, 0, 1, 0)", "lease opens unspent"],
  ["insert into lease values(1, 1, 2, 9, 1, 0, 0, 1, 0)", "CHECK"],
  ["insert into lease values(2, 1, 2, 9, 1, 0, 0, 1, 0)", "written off"],
  ["update lease set ceiling = 1, version = 1 where terminal = 2", "written off"],
  ["insert or replace into write_off values(2, 1, 1, 1)", "written off already"],
  ["update write_off set at = 1", "a write-off is final"],
  ["delete from write_off", "a write-off is final"],
  [`update lease set student = 2 ${LEASE}`, "lease is fixed"],
  [`update lease set spent = 0 ${LEASE}`, "lease counters only grow"],
  [`update lease set ceiling = 500 ${LEASE}`, "lease version only grows"],
  [`update lease set ceiling = 1001, version = 2 ${LEASE}`, "CHECK"],
  [`update lease set spent = 501 ${LEASE}`, "CHECK"],
  [`update lease set voided = 101 ${LEASE}`, "CHECK"],
  [`delete from lease ${LEASE}`, "lease is permanent"],
  ["update supply set version = 0 where name = 'roster'", "version only grows"],
  ["delete from supply where name = 'roster'", "supply is permanent"],
  ["insert into price values(-1, 1, 1)", "price list is of the past"],
  ["insert into assignment values(1, 2)", "assigned already"],
  ["update assignment set command = 2", "an assignment is kept"],
  ["delete from assignment", "an assignment is kept"],
  [
    "insert or replace into period select 202610, 4, 3, no, hash, 0, 1 from block where last_seq = 3",
    "a period is closed once, after the one before",
  ],
  [
    "insert into period select 202611, 3, 3, no, hash, 0, 1 from block where last_seq = 3",
    "a period is closed once, after the one before",
  ],
  [
    "insert into period select 202611, 4, 3, no, zeroblob(32), 0, 1 from block where last_seq = 3",
    "a period ends with a block",
  ],
  ["insert into period select 202613, 4, 3, no, hash, 0, 1 from block where last_seq = 3", "CHECK"],
  ["update period set last_seq = 9", "a period never reopens"],
  ["delete from period", "a period never reopens"],
  [
    "insert into statement values(3, 202610, 9, 0, 0, 1, 1)",
    "statements are numbered without a gap",
  ],
  [
    "insert into statement values(2, 202610, 8, 0, 0, 1, 1)",
    "a statement opens as the last one closed",
  ],
  [
    "insert into statement values(2, 202609, 9, 0, 0, 1, 1)",
    "statements belong to the newest period",
  ],
  ["insert into statement values(2, 202610, 9, 0, 0, 1, 2)", "CHECK"],
  ["update statement set credits = 1", "a statement is final"],
  ["delete from statement", "a statement is final"],
  ["insert into head select 20000, block, hash, 1 from head", "heads follow one another"],
  ["insert into head select 20001, 0, hash, 1 from block where no = 0", "heads follow one another"],
  ["insert into head select 20001, block, zeroblob(32), 1 from head", "a head is a block"],
  ["update head set hash = zeroblob(32)", "a published head stays"],
  ["delete from head", "a published head stays"],
  ["update mail set body = 'autre'", "mail is fixed"],
  ["update register_import set hash = randomblob(32)", "an import is what was sent"],
  ["update register_import set content = x'01'", "an import is what was sent"],
  ["update register_import set state = 'staged'", "an import ends once"],
  ["delete from register_import", "an import is kept"],
  ["update erasure set at = 1", "an erasure stays"],
  ["delete from erasure", "an erasure stays"],
  ["update audit set author = 1", "the audit log only grows"],
  ["update audit set after = '2'", "the audit log only grows"],
  ["delete from audit", "the audit log only grows"],
];

/** The same for a ledger that was set back to a backup. */
const RECOVERING: [string, string][] = [
  ["insert into lease values(1, 1, 2, 9, 1, 0, 0, 1, 0)", "recovering"],
  [`update lease set ceiling = ceiling + 1, version = 2 ${LEASE}`, "recovering"],
  ["update recovery set since = 1", "a recovery ends once"],
  ["delete from recovery", "a recovery is kept"],
];

async function expectRefusal(sql: string, guard: string): Promise<void> {
  const refused = stage.ledger.client.execute(sql);
  const error: unknown = await refused.catch((refusal: unknown) => refusal);
  expect(isRefused(error), String(error)).toBe(true);
  expect(String(error)).toContain(guard);
  await checkBooks(stage);
}

describe("the database refuses", () => {
  test.each(CASES)("%s", expectRefusal);
});

describe("while a terminal's entries may be missing it refuses", () => {
  beforeAll(async () => {
    await stage.ledger.client.execute(
      "insert into recovery(terminal, epoch, since) values(1, 1, 0)",
    );
  });
  test.each(RECOVERING)("%s", expectRefusal);
});

test("every guard in the database has its case above", async () => {
  const found = await stage.ledger.client.execute(
    "select sql from sqlite_master where type = 'trigger'",
  );
  const guards = found.rows.flatMap((row) =>
    [...textIn(row, "sql").matchAll(/raise\(abort, '([^']+)'\)/g)].map((match) => match[1] ?? ""),
  );
  const cased = [...CASES, ...RECOVERING]
    .map(([, guard]) => guard)
    .filter((guard) => /^[a-z]/.test(guard));
  expect(new Set(cased)).toEqual(new Set(guards));
});

test("an up-to-date database is left alone, a foreign history is refused", async () => {
  const { client } = stage.ledger;
  expect(await migrate(client)).toEqual([]);
  await client.execute("update migration set name = '0002-else' where no = 2");
  await expect(migrate(client)).rejects.toThrow("2 ran as 0002-else, not 0002-school");
});
