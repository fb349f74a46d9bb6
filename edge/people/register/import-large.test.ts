// Goal: a large school's whole register comes in from one file within ten seconds, and each of the lines that are wrong
// is named. Method: 2,000 students with 3,200 guardians and 20 planted errors go through the acts as the gateway runs
// them, in workerd, into a real sqld; then the tables are counted.

import { expect, test } from "vitest";
import { CAST, openStage } from "#sim/page-stage.ts";
import { checkLedger } from "#sim/check-ledger.ts";
import { GUARDIANS, PLANTED, PLANTED_FROM, STUDENTS, largeRegister } from "#sim/large-register.ts";
import { runAct } from "../acts.ts";
import { readPreview } from "./imports.ts";

const BÉATRICE = 1;
const SECONDS_MAX = 10;
const OF_STAGE = { students: 2, guardians: 2 };

test("2,000 students and 3,200 guardians, with 20 errors", async () => {
  const { ledger, clock } = await openStage();
  const { client } = ledger;
  const asked = { by: BÉATRICE, at: clock.now, import: "autumn" };
  const content = new TextEncoder().encode(largeRegister());
  const began = performance.now();

  const staged = await runAct(ledger, {
    ...asked,
    kind: "stageImport",
    name: "eleves.csv",
    year: 2026,
    content,
  });
  expect(staged).toEqual({ ok: true });
  const shown = await readPreview(client, "autumn");
  if (!shown) throw new Error("the import is not there");
  const previewed = performance.now();
  const { file, plan, fingerprint } = shown;
  const confirmed = await runAct(ledger, {
    ...asked,
    kind: "confirmImport",
    plan: fingerprint,
    leavers: [],
    unlinks: [],
  });
  const ended = performance.now();
  expect(confirmed).toEqual({ ok: true });
  const seconds = (ended - began) / 1000;
  console.log(
    `import: ${((previewed - began) / 1000).toFixed(2)} s to the preview, ${seconds.toFixed(2)} s in all`,
  );
  expect(seconds).toBeLessThan(SECONDS_MAX);

  // The two that the school had before are in no line: they are shown, and stay.
  expect(plan.missing.map(({ lastName }) => lastName)).toEqual(["Lambert", "Peeters"]);
  expect(file.problems.map(({ line, flaw }) => [line, flaw])).toEqual(
    PLANTED.map(({ flaw }, index) => [PLANTED_FROM + index, flaw]),
  );
  const counted = await client.execute(`select (select count(*) from student) as students,
    (select count(*) from account where kind = 'wallet') as wallets,
    (select count(*) from person where role = 'guardian') as guardians,
    (select count(distinct username) from person) as usernames,
    (select count(*) from person) as people,
    (select count(*) from guardianship) as links,
    (select count(*) from audit where action = 'student.add') as deeds`);
  expect({ ...counted.rows[0] }).toEqual({
    students: STUDENTS + OF_STAGE.students,
    wallets: STUDENTS + OF_STAGE.students,
    guardians: GUARDIANS + OF_STAGE.guardians,
    usernames: GUARDIANS + CAST.length,
    people: GUARDIANS + CAST.length,
    links: STUDENTS * 2 + OF_STAGE.students,
    deeds: STUDENTS,
  });
  await checkLedger(ledger);
});
