// Goal: an erasure changes nothing that anybody could check: the export of the books is in order, and it is the same chain.
// Method: books with everything in them; a student who leaves is paid out and erased with a guardian; verify reads the export,
// also against the head that somebody had kept from before.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { numberIn } from "#edge/ledger/row.ts";
import { runErasure } from "#edge/people/erasure.ts";
import { startSqld, stop } from "#sim/test-ledger.ts";
import { checkExport } from "./check-books.ts";
import { openPaperSchool } from "./paper-school.ts";
import { readLedger } from "./read-ledger.ts";

const LEAVER = 20;
const BURSAR = 1;
const GUARDIAN = 2;
const AT = 1_795_500_000;

const folder = mkdtempSync(join(tmpdir(), "obole-erasure-"));
const servers: ChildProcess[] = [];
let ledger: Ledger;

beforeAll(async () => {
  ({ ledger } = await openPaperSchool(await startSqld(join(folder, "ledger"), servers)));
  const head = { author: "beatrice", at: AT - 60 };
  const [opened] = await runCommands(ledger, [
    { ...head, id: "open/20", kind: "openAccount", account: "wallet", ref: String(LEAVER) },
  ]);
  await ledger.client.batch(
    [
      {
        sql: `insert into student(id, first_name, last_name, class, account)
          values(?, 'Noor', 'Vermeulen', '6A', ?)`,
        args: [LEAVER, opened?.ok ? opened.account : 0],
      },
      `insert into person(id, username, name, role) values
        (1, 'beatrice', 'Béatrice Delvaux', 'bursar'), (2, 'an', 'An Vermeulen', 'guardian')`,
      `insert into guardianship(person, student) values(2, 20)`,
    ],
    "write",
  );
  const money = { student: LEAVER, cents: 1200 };
  await runCommands(ledger, [
    { ...head, id: "in/20", kind: "topUp", means: "cash", note: "", ...money },
    { ...head, id: "out/20", kind: "refund", reason: "Départ", ...money },
  ]);
});
afterAll(async () => {
  await Promise.all(servers.map(stop));
  rmSync(folder, { recursive: true });
});

async function exportNow(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLedger(ledger.client, AT)) lines.push(line);
  return lines;
}

test("the books are the same to the byte, in order, and lead to the head of before", async () => {
  const before = await exportNow();
  const { head } = JSON.parse(before[0] ?? "{}") as { head: { hash: string } };
  const doing = { by: BURSAR, at: AT, reason: "A quitté l'école" };
  const student = { kind: "eraseStudent", student: LEAVER, name: "Noor Vermeulen" } as const;
  const guardian = { kind: "erasePerson", person: GUARDIAN, name: "An Vermeulen" } as const;
  expect(await runErasure(ledger, { ...student, ...doing })).toEqual({ ok: true });
  expect(await runErasure(ledger, { ...guardian, ...doing })).toEqual({ ok: true });
  const named = await ledger.client.execute(
    `select (select count(*) from student where last_name = 'Vermeulen')
      + (select count(*) from person where name like '%Vermeulen%') as n`,
  );
  expect(numberIn(named.rows[0], "n")).toBe(0);
  const after = await exportNow();
  expect(after).toEqual(before);
  expect((await checkExport(after, [head.hash])).findings).toEqual([]);
});
