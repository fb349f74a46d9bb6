// What counters still hold for students who have left the school is asked back, so that the whole balance is there when
// the family says what is to become of it. A terminal that is away is asked when it is back.

import type { Client } from "@libsql/client/web";
import { tell } from "./downlink.ts";
import type { Voice } from "./downlink.ts";
import { numberIn } from "./ledger/row.ts";
import { readHolders } from "./reclaim.ts";

const LEAVERS = `select id from student where left_at > 0 and exists(
  select 1 from lease l where l.student = student.id and l.spent - l.voided < l.ceiling)`;

type Leaving = { ledger: { client: Client }; voice: Voice };

/** Says how many leases were asked for. */
export async function recallLeavers({ ledger, voice }: Leaving): Promise<number> {
  const found = await ledger.client.execute(LEAVERS);
  if (!found.rows.length) return 0;
  const students = found.rows.map((row) => numberIn(row, "id"));
  const holders = await readHolders(ledger.client, students);
  for (const { terminal, epoch, student, version } of holders) {
    const wish = { student, ceilingCents: 0, version: version + 1 };
    tell(voice, terminal, epoch, { kind: "lower", leases: [wish] });
  }
  return holders.length;
}
