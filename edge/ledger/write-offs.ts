// The school gives up a device: lost, stolen, broken, or replaced by a new epoch. What it still had of the families'
// money is free again, and whatever it has sold or will sell and nobody knew of yet falls on the school. Final.

import { emptyBatch } from "./batch.ts";
import { isId } from "./commands/command.ts";
import type { Ledger } from "./ledger.ts";
import { commit, inTurn } from "./ledger.ts";
import { numberIn, textIn } from "./row.ts";

const KIND = "writeOff";

/** id is chosen by the author; at in seconds since 1970. */
export type WriteOff = { id: string; author: string; at: number; terminal: number; epoch: number };
export type WriteOffRefusal = "bad-id" | "other-content" | "unknown-epoch" | "written-off";
/** freedCents: what its leases still allowed. */
export type WriteOffResult =
  | { ok: true; replayed: boolean; freedCents: number }
  | { ok: false; reason: WriteOffRefusal };

export function writeOff(ledger: Ledger, order: WriteOff): Promise<WriteOffResult> {
  const { id, author, at, terminal, epoch } = order;
  if (!isId(id)) return Promise.resolve({ ok: false, reason: "bad-id" });
  const body = JSON.stringify({ kind: KIND, terminal, epoch });
  return inTurn(ledger, async () => {
    const known = await readKnown(ledger, order);
    if (known.body !== undefined)
      return known.body === body
        ? { ok: true, replayed: true, freedCents: 0 }
        : { ok: false, reason: "other-content" };
    if (!known.isRegistered) return { ok: false, reason: "unknown-epoch" };
    if (known.isWrittenOff) return { ok: false, reason: "written-off" };
    const batch = emptyBatch(Math.floor(Date.now() / 1000));
    const no = known.lastNo + 1;
    batch.commands.push({ no, id, kind: KIND, author, at, body });
    batch.closed.push({ terminal, epoch });
    batch.also.push(
      { sql: "insert into write_off values(?, ?, ?, ?)", args: [terminal, epoch, at, no] },
      {
        sql: "update terminal set selling = 0 where id = ? and epoch = ?",
        args: [terminal, epoch],
      },
      {
        sql: "update recovery set ended = ? where terminal = ? and epoch = ? and ended = 0",
        args: [at, terminal, epoch],
      },
    );
    await commit(ledger, batch);
    return { ok: true, replayed: false, freedCents: known.freedCents };
  });
}

type Known = {
  body: string | undefined;
  isRegistered: boolean;
  isWrittenOff: boolean;
  freedCents: number;
  lastNo: number;
};

async function readKnown(ledger: Ledger, { id, terminal, epoch }: WriteOff): Promise<Known> {
  const [asked, device] = await ledger.client.batch(
    [
      { sql: "select body from command where id = ?", args: [id] },
      {
        sql: `select (select count(*) from terminal_key where terminal = ?1 and epoch = ?2) as keys,
          (select count(*) from write_off where terminal = ?1 and epoch = ?2) as gone,
          (select coalesce(sum(ceiling + voided - spent), 0) from lease
            where terminal = ?1 and epoch = ?2) as freed,
          (select coalesce(max(no), 0) from command) as no`,
        args: [terminal, epoch],
      },
    ],
    "read",
  );
  const before = asked?.rows[0];
  const row = device?.rows[0];
  return {
    body: before ? textIn(before, "body") : undefined,
    isRegistered: numberIn(row, "keys") > 0,
    isWrittenOff: numberIn(row, "gone") > 0,
    freedCents: numberIn(row, "freed"),
    lastNo: numberIn(row, "no"),
  };
}
