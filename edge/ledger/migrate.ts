// Brings a database up to the newest tables. The list only grows: a migration that has run anywhere
// is never edited, a correction is a new one. Runs in the Worker and in Node, with nothing but SQL
// text.

import type { Client } from "@libsql/client/web";
import { ledgerTables } from "./migrations/0001-ledger.ts";
import { schoolTables } from "./migrations/0002-school.ts";
import { versionTables } from "./migrations/0003-versions.ts";
import { dayIndex } from "./migrations/0004-day.ts";
import { cardKeys } from "./migrations/0005-card-keys.ts";
import { nonceIndexes } from "./migrations/0006-nonces.ts";
import { counterTables } from "./migrations/0008-counter.ts";
import { releaseMinimum } from "./migrations/0009-release-minimum.ts";
import { leaseTables } from "./migrations/0010-leases.ts";
import { periodTables } from "./migrations/0011-periods.ts";
import { headTables } from "./migrations/0012-heads.ts";
import { heldOrders } from "./migrations/0013-held-orders.ts";
import { lateChecks } from "./migrations/0014-late-checks.ts";
import { accountTables } from "./migrations/0015-accounts.ts";
import { mailQueue } from "./migrations/0016-mail-queue.ts";
import { studentTables } from "./migrations/0017-students.ts";
import { cardTables } from "./migrations/0018-cards.ts";
import { familyTables } from "./migrations/0019-families.ts";
import { auditTables } from "./migrations/0020-audit.ts";
import { badgeTables } from "./migrations/0021-badges.ts";
import { privacyTables } from "./migrations/0022-privacy.ts";
import { firmwareReleases } from "./migrations/0007-firmware.ts";
import { numberIn, textIn } from "./row.ts";

type Migration = { name: string; sql: string };

const MIGRATIONS: Migration[] = [
  { name: "0001-ledger", sql: ledgerTables },
  { name: "0002-school", sql: schoolTables },
  { name: "0003-versions", sql: versionTables },
  { name: "0004-day", sql: dayIndex },
  { name: "0005-card-keys", sql: cardKeys },
  { name: "0006-nonces", sql: nonceIndexes },
  { name: "0007-firmware", sql: firmwareReleases },
  { name: "0008-counter", sql: counterTables },
  { name: "0009-release-minimum", sql: releaseMinimum },
  { name: "0010-leases", sql: leaseTables },
  { name: "0011-periods", sql: periodTables },
  { name: "0012-heads", sql: headTables },
  { name: "0013-held-orders", sql: heldOrders },
  { name: "0014-late-checks", sql: lateChecks },
  { name: "0015-accounts", sql: accountTables },
  { name: "0016-mail-queue", sql: mailQueue },
  { name: "0017-students", sql: studentTables },
  { name: "0018-cards", sql: cardTables },
  { name: "0019-families", sql: familyTables },
  { name: "0020-audit", sql: auditTables },
  { name: "0021-badges", sql: badgeTables },
  { name: "0022-privacy", sql: privacyTables },
];

/** Applies what is missing, each migration in a transaction of its own; returns the names applied.
 * Throws when the database has run something else under one of our numbers. */
export async function migrate(client: Client): Promise<string[]> {
  await client.execute(
    "create table if not exists migration(no integer primary key, name text not null) strict",
  );
  const done = await client.execute("select no, name from migration order by no");
  for (const row of done.rows) {
    const known = MIGRATIONS[numberIn(row, "no") - 1]?.name;
    if (known !== row["name"])
      throw new Error(
        `migrate: ${numberIn(row, "no")} ran as ${textIn(row, "name")}, not ${known}`,
      );
  }
  const missing = MIGRATIONS.slice(done.rows.length);
  for (const [index, migration] of missing.entries())
    await apply(client, done.rows.length + index + 1, migration);
  return missing.map((migration) => migration.name);
}

/** One script, one transaction: a failure in the middle closes the stream, and that rolls back. */
async function apply(client: Client, no: number, migration: Migration): Promise<void> {
  await client.executeMultiple(
    `begin immediate; ${migration.sql}
     insert into migration(no, name) values(${no}, '${migration.name}'); commit;`,
  );
}
