// What a school sets for itself: when its counters give back what they hold, and who keeps the heads of its
// ledger. Said twice, a setting is the same setting.

import type { InStatement } from "@libsql/client/web";
import { isAddress } from "./address.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { inTurn } from "./ledger/ledger.ts";
import type { Language } from "./session.ts";

const MINUTES_OF_A_DAY = 1440;
/** minutes: after midnight in Brussels. */
export type Setting =
  | { kind: "closing"; minutes: number }
  | { kind: "keeper"; address: string; language: Language }
  | { kind: "noKeeper"; address: string };

/** False when it is out of range; then nothing has changed. */
export async function changeSetting(ledger: Ledger, setting: Setting): Promise<boolean> {
  const statement = statementOf(setting);
  if (statement) await inTurn(ledger, () => ledger.client.execute(statement));
  return statement !== undefined;
}

function statementOf(setting: Setting): InStatement | undefined {
  if (setting.kind === "closing") {
    const { minutes } = setting;
    if (!Number.isSafeInteger(minutes) || minutes < 0 || minutes >= MINUTES_OF_A_DAY)
      return undefined;
    return { sql: "update school set closes_at = ?", args: [minutes] };
  }
  const { address } = setting;
  if (!isAddress(address)) return undefined;
  if (setting.kind === "noKeeper")
    return { sql: "delete from committee where address = ?", args: [address] };
  return {
    sql: `insert into committee(address, language) values(?, ?)
      on conflict(address) do update set language = excluded.language`,
    args: [address, setting.language],
  };
}
