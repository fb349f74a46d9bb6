// A terminal's new key enters the ledger: with the epoch that may sell from now on, and as a command, so that the books
// say when and by whom. The keys of old epochs stay, because they prove tokens that are still on their way.

import { fromHex, toHex } from "#protocol/bytes.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import { emptyBatch } from "./batch.ts";
import type { Ledger } from "./ledger.ts";
import { commit, inTurn } from "./ledger.ts";
import { bytesIn, numberIn } from "./row.ts";

const AUTHOR = "office";
const PUBLIC_KEY = /^[0-9a-f]{64}$/;
/** Ranges of protocol/README.md, section Entry. */
const TERMINAL_MAX = 2 ** 32 - 1;
const EPOCH_MAX = 65_535;
const NAME_CHARACTERS_MAX = 60;
/** Sells nothing. */
const EMPTY_TILL = JSON.stringify({ language: "fr", soup: 0, keys: [], graceCents: 0 });

/** Idempotent by terminal and epoch: the same key again changes nothing, another one is refused. */
export function registerTerminal(
  ledger: Ledger,
  order: Registration,
  at: number,
): Promise<RegistrationResult> {
  if (!isWhole(order)) return Promise.resolve({ ok: false, reason: "malformed", last: 0 });
  return inTurn(ledger, async () => {
    const known = await readKnown(ledger, order);
    const { last } = known;
    if (known.key !== undefined)
      return known.key === order.publicKey
        ? { ok: true, replayed: true }
        : { ok: false, reason: "other-key", last };
    if (known.isInUse) return { ok: false, reason: "key-in-use", last };
    if (order.epoch < last) return { ok: false, reason: "old-epoch", last };
    await write(ledger, order, known.lastNo + 1, at);
    return { ok: true, replayed: false };
  });
}

const isNumber = (value: unknown, max: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max;

/** What a program sent us need not be what its type says. */
function isWhole(order: Registration): boolean {
  const { terminal, epoch, name, publicKey } = order;
  return (
    isNumber(terminal, TERMINAL_MAX) &&
    isNumber(epoch, EPOCH_MAX) &&
    (order.like === undefined || isNumber(order.like, TERMINAL_MAX)) &&
    typeof name === "string" &&
    name.trim() !== "" &&
    name.length <= NAME_CHARACTERS_MAX &&
    typeof publicKey === "string" &&
    PUBLIC_KEY.test(publicKey)
  );
}

/** key: what is registered under this terminal and epoch. isInUse: this key stands elsewhere. */
type Known = { key: string | undefined; isInUse: boolean; last: number; lastNo: number };

async function readKnown(ledger: Ledger, order: Registration): Promise<Known> {
  const { terminal, epoch, publicKey } = order;
  const [keys, uses, last] = await ledger.client.batch(
    [
      {
        sql: "select public_key from terminal_key where terminal = ? and epoch = ?",
        args: [terminal, epoch],
      },
      { sql: "select 1 from terminal_key where public_key = ?", args: [fromHex(publicKey)] },
      {
        sql: `select (select coalesce(max(no), 0) from command) as no, max(
          (select coalesce(max(epoch), 0) from terminal_key where terminal = ?1),
          (select coalesce(max(epoch), 0) from terminal where id = ?1)) as epoch`,
        args: [terminal],
      },
    ],
    "read",
  );
  const key = keys?.rows[0];
  return {
    key: key ? toHex(bytesIn(key, "public_key")) : undefined,
    isInUse: Boolean(uses?.rows.length),
    last: numberIn(last?.rows[0], "epoch"),
    lastNo: numberIn(last?.rows[0], "no"),
  };
}

async function write(ledger: Ledger, order: Registration, no: number, at: number): Promise<void> {
  const { terminal, epoch, name, publicKey } = order;
  const batch = emptyBatch(at);
  const kind = "registerTerminal";
  const like = order.like ?? 0;
  const body = JSON.stringify({ kind, terminal, epoch, name, publicKey, like });
  batch.commands.push({ no, id: `${kind}/${terminal}/${epoch}`, kind, author: AUTHOR, at, body });
  batch.also.push(
    {
      sql: `insert into terminal(id, name, till, epoch)
        values(?, ?, coalesce((select till from terminal where id = ?), ?), ?)
        on conflict(id) do update set epoch = excluded.epoch, name = excluded.name`,
      args: [terminal, name, like, EMPTY_TILL, epoch],
    },
    {
      sql: "insert into terminal_key values(?, ?, ?, ?)",
      args: [terminal, epoch, fromHex(publicKey), at],
    },
  );
  await commit(ledger, batch);
}
