// What a school sets for itself: when its counters give back what they hold, and who keeps the heads of its
// ledger. Said twice, a setting is the same setting, and the log has it once.

import type { InStatement } from "@libsql/client/web";
import { isAddress } from "./address.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { inTurn } from "./ledger/ledger.ts";
import { numberIn, textIn } from "./ledger/row.ts";
import { audit } from "./people/audit.ts";
import type { Language } from "./session.ts";

const MINUTES_OF_A_DAY = 1440;
/** minutes: after midnight in Brussels. */
export type Wish =
  | { kind: "closing"; minutes: number }
  | { kind: "keeper"; address: string; language: Language }
  | { kind: "noKeeper"; address: string };
/** by: the person who sets it; at in seconds since 1970. */
export type Setting = Wish & { by: number; at: number };

/** False when it is out of range; then nothing has changed. */
export async function changeSetting(ledger: Ledger, setting: Setting): Promise<boolean> {
  if (setting.kind === "closing" ? !isMinute(setting.minutes) : !isAddress(setting.address))
    return false;
  await inTurn(ledger, async () => {
    const before = await readBefore(ledger, setting);
    const after = afterOf(setting);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const { by: author, at, kind } = setting;
    const deed = { author, at, action: `setting.${kind}`, subject: "school/1", before, after };
    await ledger.client.batch([statementOf(setting), audit(deed)], "write");
  });
  return true;
}

function isMinute(minutes: number): boolean {
  return Number.isSafeInteger(minutes) && minutes >= 0 && minutes < MINUTES_OF_A_DAY;
}

/** As the log says it; undefined is nothing. */
type Standing = { minutes: number } | { address: string; language: string } | undefined;

async function readBefore({ client }: Ledger, setting: Setting): Promise<Standing> {
  if (setting.kind === "closing") {
    const found = await client.execute("select closes_at from school");
    return { minutes: numberIn(found.rows[0], "closes_at") };
  }
  const { address } = setting;
  const sql = "select language from committee where address = ?";
  const [row] = (await client.execute({ sql, args: [address] })).rows;
  return row && { address, language: textIn(row, "language") };
}

function afterOf(setting: Setting): Standing {
  if (setting.kind === "noKeeper") return undefined;
  if (setting.kind === "closing") return { minutes: setting.minutes };
  return { address: setting.address, language: setting.language };
}

function statementOf(setting: Setting): InStatement {
  if (setting.kind === "closing")
    return { sql: "update school set closes_at = ?", args: [setting.minutes] };
  const { address } = setting;
  if (setting.kind === "noKeeper")
    return { sql: "delete from committee where address = ?", args: [address] };
  return {
    sql: `insert into committee(address, language) values(?, ?)
      on conflict(address) do update set language = excluded.language`,
    args: [address, setting.language],
  };
}
