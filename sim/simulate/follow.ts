// What is checked after every step of a simulation: the rows that the ledger has got since the last look go to the
// model in their order, and what the ledger says of wallets, leases and its own chain must be what the model says.

import { genesisHash } from "#edge/ledger/chain.ts";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { sha256 } from "#edge/crypto.ts";
import { toHex } from "#protocol/bytes.ts";
import { encode } from "cborg";
import type { ModelLease } from "./model.ts";
import { book, chainName, chainOf, leaseOf, reservedOf } from "./model.ts";
import { Broken } from "./story.ts";
import type { World } from "./world.ts";
import { SCHOOL } from "./world.ts";

/** So far back a ledger may be set, in entries of one terminal. */
const SIGNED_KEPT = 1500;
type LeaseRow = [number, number, number, number, number, number];
/** Of the boxes that stand there now; one value, because a row costs more to fetch than to compare. */
const LEASES = `select json_group_array(json_array(terminal, epoch, student, ceiling,
    spent - voided, version)) as leases
  from (select l.* from terminal t join lease l on l.terminal = t.id and l.epoch = t.epoch
    order by l.terminal, l.student)`;

/** Every new row of the journal must be what was signed, once, in order. */
export async function followEntries(world: World): Promise<void> {
  const found = await world.ledger.client.execute({
    sql: `select rowid as row, terminal, epoch, seq, hash from entry where rowid > ? order by rowid`,
    args: [world.lastRow],
  });
  for (const row of found.rows) {
    const [terminal, epoch, seq] = ["terminal", "epoch", "seq"].map((name) =>
      numberIn(row, name),
    ) as [number, number, number];
    const chain = world.signed.get(chainName(terminal, epoch));
    const signed = chain?.get(seq);
    if (!signed) throw new Broken(`entry ${epoch}/${seq} is booked and nobody signed it`, terminal);
    if (signed.hash !== toHex(bytesIn(row, "hash")))
      throw new Broken(`entry ${epoch}/${seq} is booked with other bytes`, terminal);
    book(world.model, signed.entry, signed.card);
    chain?.delete(seq - SIGNED_KEPT);
    world.bookedCount++;
    world.lastRow = numberIn(row, "row");
  }
}

/** Leases only rise when the gateway grants, never above what the wallet holds; they fall by entries alone. */
export async function followLeases(world: World): Promise<void> {
  const { model, ledger } = world;
  const found = await ledger.client.execute(LEASES);
  const raised = new Set<number>();
  const rows = JSON.parse(textIn(found.rows[0], "leases")) as LeaseRow[];
  for (const [terminal, epoch, student, ceiling, net, version] of rows) {
    const lease = leaseOf(model, chainName(terminal, epoch), student);
    const says = `lease is ${ceiling} - ${net} (version ${version}), not ${lease.ceiling} - ${lease.net} (${lease.version})`;
    if (net !== lease.net || version < lease.version) throw new Broken(says, terminal, student);
    const isSame = version === lease.version ? ceiling === lease.ceiling : ceiling > lease.ceiling;
    if (!isSame) throw new Broken(says, terminal, student);
    if (version === lease.version) continue;
    Object.assign(lease, { ceiling, version });
    raised.add(student);
    world.story.tell(terminal, student, `is granted ${ceiling} (version ${version})`);
  }
  for (const student of raised)
    if (reservedOf(model, student) > (model.wallets.get(student) ?? 0))
      throw new Broken("leases are above the balance", 0, student);
}

/** Every account, and that the sum of all is zero. */
export async function checkAccounts(world: World): Promise<void> {
  const { model, ledger } = world;
  const found = await ledger.client.execute("select kind, ref, balance, reserved from account");
  const sums = new Map<string, number>();
  let total = 0;
  for (const row of found.rows) {
    const [kind, ref] = [textIn(row, "kind"), textIn(row, "ref")];
    const [balance, reserved] = [numberIn(row, "balance"), numberIn(row, "reserved")];
    total += balance;
    sums.set(kind, (sums.get(kind) ?? 0) + balance);
    if (kind !== "wallet") continue;
    const student = Number(ref);
    const expected = model.wallets.get(student);
    if (balance !== expected)
      throw new Broken(`the wallet holds ${balance}, the model says ${expected}`, 0, student);
    if (reserved !== reservedOf(model, student))
      throw new Broken(`${reserved} is reserved, not ${reservedOf(model, student)}`, 0, student);
    if (balance < reserved)
      throw new Broken(`the wallet holds ${balance} of ${reserved}`, 0, student);
  }
  if (total) throw new Broken(`the sum of all accounts is ${total}`);
  const { bank, sales, grace, risk, correction } = model.house;
  const house: [string, number][] = [
    ["bank", bank],
    ["sales", sales],
    ["solidarity", grace],
    ["risk", risk],
    ["equity", correction],
    ["suspense", 0],
  ];
  for (const [kind, cents] of house)
    if ((sums.get(kind) ?? 0) !== cents)
      throw new Broken(`${kind} stands at ${sums.get(kind)}, the model says ${cents}`);
  if (-risk > model.riskBound)
    throw new Broken(`the school's risk is ${-risk}, above its bound of ${model.riskBound}`);
}

/** What a terminal would still sell must be covered: by its lease in the ledger and what it has not sent yet. */
export function checkTerminals(world: World): void {
  const { model } = world;
  if (model.isRecovering) return;
  for (const { running, terminal, epoch } of world.boxes) {
    if (!running || chainOf(model, terminal, epoch).isWrittenOff) continue;
    const left = expectedLeft(world, terminal, epoch);
    for (const student of model.wallets.keys()) {
      const cents = running.memory.leases.remainingCents(student);
      const bound = left.get(student) ?? 0;
      if (cents > bound)
        throw new Broken(
          `would sell ${cents} to a student who has ${bound} there`,
          terminal,
          student,
        );
      if (cents < 0) throw new Broken(`has sold ${-cents} more than its lease`, terminal, student);
    }
  }
}

/** The leases of the ledger, moved on by what this terminal has signed since. */
function expectedLeft(world: World, terminal: number, epoch: number): Map<number, number> {
  const name = chainName(terminal, epoch);
  const leases = new Map<number, ModelLease>();
  for (const student of world.model.wallets.keys())
    leases.set(student, { ...leaseOf(world.model, name, student) });
  const signed = world.signed.get(name);
  const { booked } = chainOf(world.model, terminal, epoch);
  for (let seq = booked + 1; ; seq++) {
    const entry = signed?.get(seq)?.entry;
    if (!entry) break;
    if (entry.kind === "close") for (const lease of leases.values()) lease.ceiling = lease.net;
    const lease = "student" in entry ? leases.get(entry.student) : undefined;
    if (!lease) continue;
    if (entry.kind === "purchase") lease.net += entry.totalCents - entry.graceCents;
    if (entry.kind === "void") {
      const sale = signed?.get(entry.voids)?.entry;
      lease.net -= entry.totalCents - (sale?.kind === "purchase" ? sale.graceCents : 0);
    }
    if (entry.kind === "lowered" && lease.version <= entry.lease)
      lease.ceiling = Math.min(lease.ceiling, Math.max(lease.net, entry.ceilingCents));
  }
  return new Map([...leases].map(([student, lease]) => [student, lease.ceiling - lease.net]));
}

/** Blocks that came since the last look, derived again with another CBOR library. */
export async function checkChain(world: World): Promise<void> {
  const { ledger, lastBlock } = world;
  const { client } = ledger;
  const blocks = await client.execute({
    sql: "select no, last_seq, hash from block where no > ? order by no",
    args: [lastBlock.no],
  });
  const transfers = await client.execute({
    sql: "select * from transfer where seq > ? order by seq",
    args: [lastBlock.lastSeq],
  });
  const names = ["seq", "source", "counter", "line", "debit", "credit", "amount", "at"];
  let { lastSeq } = lastBlock;
  let prev = lastBlock.no ? Buffer.from(lastBlock.hash, "hex") : Buffer.from(genesisHash(SCHOOL));
  for (const block of blocks.rows) {
    const [no, end] = [numberIn(block, "no"), numberIn(block, "last_seq")];
    const rows = transfers.rows.slice(lastSeq - lastBlock.lastSeq, end - lastBlock.lastSeq);
    const leaves = rows.map((row) => {
      const numbers = [...names, "reverses"].map((name) => Number(row[name] ?? 0));
      return sha256(encode(["transfer/1", ...numbers, bytesIn(row, "evidence")]));
    });
    const leaf = sha256(Buffer.concat(leaves));
    prev = Buffer.from(
      sha256(encode(["block/1", no, lastSeq + 1, end, new Uint8Array(prev), leaf])),
    );
    if (toHex(bytesIn(block, "hash")) !== prev.toString("hex"))
      throw new Broken(`the hash of block ${no} is not that of its transfers`);
    lastSeq = end;
    world.lastBlock = { no, hash: prev.toString("hex"), lastSeq };
  }
  const last = await client.execute("select coalesce(max(seq), 0) as seq from transfer");
  if (numberIn(last.rows[0], "seq") !== world.lastBlock.lastSeq)
    throw new Broken(`transfers after ${world.lastBlock.lastSeq} are in no block`);
  const alarms = await client.execute(
    `select reason, terminal from quarantine where reason in ('poison', 'conflict', 'broken-chain',
      'nonce-reused', 'bad-signature', 'foreign-token', 'booked-unsigned') or reason like 'malformed%'`,
  );
  const [alarm] = alarms.rows;
  if (alarm)
    throw new Broken(`in quarantine: ${textIn(alarm, "reason")}`, numberIn(alarm, "terminal"));
}
