// What the school's office does with somebody's account: another address, or a new start for who lost their second
// factor. Each leaves its trace.

import type { InStatement } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { isAddress } from "#edge/address.ts";
import { audit } from "#edge/people/audit.ts";

export type OfficeAct =
  | { kind: "setAddress"; person: number; address: string }
  /** Only after the office has seen who asks: the password alone opens the account until a new one is set up. */
  | { kind: "resetSecondFactor"; person: number; reason: string };
export type OfficeRefusal = "unknown-person" | "bad-address" | "no-reason" | "own-factor";

/** by: who does it, at: seconds since 1970. */
export async function runOfficeAct(
  ledger: Ledger,
  act: OfficeAct & { by: number; at: number },
): Promise<{ ok: true } | { ok: false; reason: OfficeRefusal }> {
  const { client } = ledger;
  const found = await client.execute({
    sql: "select address, two_factor_enabled from person where id = ?",
    args: [act.person],
  });
  const known = found.rows[0];
  if (!known) return { ok: false, reason: "unknown-person" };
  const trace = { author: act.by, at: act.at, subject: `person/${act.person}` };
  const statements: InStatement[] = [];
  if (act.kind === "setAddress") {
    const [before, after] = [textIn(known, "address"), act.address.trim()];
    if (after && !isAddress(after)) return { ok: false, reason: "bad-address" };
    if (before === after) return { ok: true };
    const sql = "update person set address = ? where id = ?";
    statements.push({ sql, args: [after, act.person] });
    statements.push(audit({ ...trace, action: "account.address", before, after }));
  } else {
    const reason = act.reason.trim();
    if (act.by === act.person) return { ok: false, reason: "own-factor" };
    if (!reason) return { ok: false, reason: "no-reason" };
    const args = [act.person];
    statements.push(
      { sql: "delete from two_factor where user_id = ?", args },
      { sql: "delete from passkey where user_id = ?", args },
      { sql: "delete from session where user_id = ?", args },
      { sql: "update person set two_factor_enabled = 0 where id = ?", args },
    );
    const before = { codes: numberIn(known, "two_factor_enabled") === 1 };
    statements.push(audit({ ...trace, action: "account.reset-factor", before, reason }));
  }
  await inTurn(ledger, () => client.batch(statements, "write"));
  return { ok: true };
}
