// A ledger that was set back to a backup does not know what terminals have sold since, nor what it
// had granted them. Until each has sent all it had ever sent, and has then closed, nothing is granted
// and no command takes money from a wallet. How one finds out: somebody restores a backup and says
// so, or a terminal says that more of its entries were acknowledged than the ledger has.

import type { Row } from "@libsql/client/web";
import { tell } from "./downlink.ts";
import type { Voice } from "./downlink.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { LAST_SEQ, commit, inTurn } from "./ledger/ledger.ts";
import { numberIn } from "./ledger/row.ts";
import { log } from "./log.ts";

/** Until a terminal says what was acknowledged to it, anything may have been. */
const ANYTHING = Number.MAX_SAFE_INTEGER;
/** Lease versions that may have been given out and forgotten at one setback. */
export const VERSIONS_PER_RECOVERY = 1_000_000;

const IS_OPEN = `exists(select 1 from recovery r
  where r.terminal = t.id and r.epoch = t.epoch and r.ended = 0)`;
const ACTIVE = `from terminal t join terminal_key k on k.terminal = t.id and k.epoch = t.epoch
  where not exists(select 1 from write_off w where w.terminal = t.id and w.epoch = t.epoch)`;
const AHEAD = `select t.id ${ACTIVE} and t.acked between ${LAST_SEQ} + 1 and ${ANYTHING - 1}
  and not ${IS_OPEN} limit 1`;
const OPEN = `select t.id, t.epoch, t.acked, ${LAST_SEQ} as seq from terminal t
  where ${IS_OPEN} and t.here = 1 order by t.id`;
export const IS_RECOVERING = "select exists(select 1 from recovery where ended = 0) as recovering";

/** A closed chain holds nothing, but only a close that comes after all that was acknowledged to the
 * terminal says so. Takes rows of [terminal, epoch, seq], and the time. */
export const END_RECOVERY = `update recovery set ended = ?2
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as seq from json_each(?1)) c
  where recovery.terminal = c.terminal and recovery.epoch = c.epoch and recovery.ended = 0
    and c.seq > (select acked from terminal where id = c.terminal and epoch = c.epoch)`;

type Recovering = { ledger: Ledger; voice: Voice; now: () => number };

/** From now on every terminal that may sell owes its entries; known is one that has just said what
 * was acknowledged to it. Whoever restores a backup begins so, too. */
export async function beginRecovery(ledger: Ledger, now: number, known = 0): Promise<void> {
  const batch = emptyBatch(now);
  batch.also.push(
    {
      sql: `insert into recovery(terminal, epoch, since) select t.id, t.epoch, ?
        ${ACTIVE} and not ${IS_OPEN}`,
      args: [now],
    },
    {
      sql: `update terminal as t set acked = ${ANYTHING} where t.id <> ? and ${IS_OPEN}`,
      args: [known],
    },
  );
  await inTurn(ledger, () => commit(ledger, batch));
}

/** Looks after terminals have said how they stand: whether the ledger lacks entries, and how far
 * those that owe some have come. */
export async function serveRecovery({ ledger, voice, now }: Recovering): Promise<void> {
  const ahead = await ledger.client.execute(AHEAD);
  const [first] = ahead.rows;
  if (first) {
    const terminal = numberIn(first, "id");
    log("ledger-set-back", { terminal });
    await beginRecovery(ledger, Math.floor(now() / 1000), terminal);
  }
  const owing = await ledger.client.execute(OPEN);
  for (const row of owing.rows) askFor(voice, row);
}

function askFor(voice: Voice, row: Row): void {
  const [terminal, epoch, acked, seq] = ["id", "epoch", "acked", "seq"].map((name) =>
    numberIn(row, name),
  ) as [number, number, number, number];
  if (acked === ANYTHING) return;
  if (acked > seq) tell(voice, terminal, epoch, { kind: "resend", fromSeq: seq + 1 });
  else tell(voice, terminal, epoch, { kind: "recall", seq, reopen: true });
}
