// Reads from the ledger all that admission needs to decide a batch of tokens, in one round trip.

import type { ResultSet, Row } from "@libsql/client/web";
import type { KeyObject } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import type { Token } from "#protocol/token.ts";
import type { Books, CardEvent, Chain, House, Lease, PreOrder, Sale, Wallet } from "./books.ts";
import { chainKey, entryKey, leaseKey, nonceKey } from "./books.ts";
import { importPublicKey } from "./crypto.ts";
import { hexOf } from "./hex.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { readHead } from "./ledger/ledger.ts";
import { bytesIn, numberIn, textIn } from "./ledger/row.ts";

/** Imported keys, by their hex: importing costs as much as checking a signature. */
export type KeyRing = Map<string, KeyObject>;

const NO_HASH = new Uint8Array(32);
const POINT_BYTES = 32;
const COUNTER_PER_EPOCH = 2 ** 32;

/** The counter of an entry's transfers: unique for its terminal over all epochs. */
export const counterOf = (epoch: number, seq: number): number => epoch * COUNTER_PER_EPOCH + seq;

// Each takes one JSON array of rows: [terminal, epoch, seq] of entries, and so on.
const TERMINALS = "select id from terminal where id in (select value from json_each(?))";
const CHAINS = `select k.terminal, k.epoch, k.public_key, coalesce(e.seq, 0) as seq, e.hash,
    coalesce((select max(nonce) from entry where terminal = k.terminal and epoch = k.epoch), 0)
      as nonce,
    exists(select 1 from write_off w where w.terminal = k.terminal and w.epoch = k.epoch) as gone
  from terminal_key k left join entry e on e.terminal = k.terminal and e.epoch = k.epoch
    and e.seq = (select max(seq) from entry where terminal = k.terminal and epoch = k.epoch)
  where k.terminal in (select value from json_each(?))`;
const ENTRIES = `select e.terminal, e.epoch, e.seq, e.hash from json_each(?) j
  join entry e on e.terminal = j.value->>0 and e.epoch = j.value->>1 and e.seq = j.value->>2`;
const NONCES = `select e.terminal, e.epoch, j.value->>2 || '' as name from json_each(?1) j
    join entry e on e.terminal = j.value->>0 and e.epoch = j.value->>1 and e.nonce = j.value->>2
  union all select e.terminal, e.epoch, j.value->>3 from json_each(?1) j
    join entry e on e.terminal = j.value->>0 and e.epoch = j.value->>1
      and substr(e.token, -64, 32) = unhex(j.value->>3)`;
// Of these there are as many as tokens, so each comes as one JSON text: the client takes ten times as
// long over the values of a row.
const WALLETS = `select json_group_array(json_array(s.id, s.account, a.balance, a.reserved)) as list
  from student s join account a on a.id = s.account
  where s.id in (select value->>2 from json_each(?))`;
const LEASES = `select json_group_array(json_array(l.terminal, l.epoch, l.student, l.ceiling,
    l.version, l.ceiling + l.voided - l.spent)) as list
  from (select distinct value->>0 as terminal, value->>1 as epoch, value->>2 as student
    from json_each(?)) j
  join lease l on l.terminal = j.terminal and l.epoch = j.epoch and l.student = j.student`;
const SALES = `select p.id, a.id as account from product p
  join account a on a.kind = 'sales' and a.ref = p.category
  where p.id in (select value from json_each(?))`;
// Few cards were ever blocked or taken back; the others need no history.
const CARDS = `select uid, student, kind in ('issued', 'unblocked') as spends, at from card_event
  where uid in (select uid from card_event where kind in ('blocked', 'returned')
    and uid in (select unhex(value) from json_each(?)))
  order by id`;
// Two voids may name the same purchase: its transfers are wanted once.
const UNDOABLE = `select e.terminal, e.epoch, e.seq, e.student, e.total, e.leased,
    t.seq as transfer, t.debit, t.credit, t.amount
  from (select distinct value from json_each(?)) j
  join entry e on e.terminal = j.value->>0 and e.epoch = j.value->>1 and e.seq = j.value->>2
    and e.kind = 'purchase'
  join transfer t on t.source = e.terminal and t.counter = e.epoch * ${COUNTER_PER_EPOCH} + e.seq
  where not exists(select 1 from transfer r where r.reverses = t.seq)
  order by t.seq`;
// One row for each account that earns something of an order; none has been set aside for an old one.
const ORDERS = `select o.id, o.student, o.state, coalesce(a.id, 0) as account,
    coalesce(sum(l.value->>'quantity' * l.value->>'unitCents'), 0) as cents
  from pre_order o left join command c on c.no = o.command
  left join json_each(c.body, '$.lines') l
  left join product p on p.id = l.value->>'product'
  left join account a on a.kind = 'sales' and a.ref = p.category
  where o.id in (select value from json_each(?)) group by o.id, a.id`;
const HOUSE = `select id, kind || '/' || ref as name from account
  where kind in ('risk', 'solidarity', 'suspense', 'hold')`;

/** Only within the ledger's turn: the rows must still be true when the batch is written. */
export async function openBooks(ledger: Ledger, ring: KeyRing, tokens: Token[]): Promise<Books> {
  const { lastSeq } = await readHead(ledger);
  const args = argumentsOf(tokens.map((token) => token.entry));
  const nonces = JSON.stringify(tokens.map(nonceOf));
  const results = await ledger.client.batch(
    [
      { sql: TERMINALS, args: [args.terminals] },
      { sql: CHAINS, args: [args.terminals] },
      { sql: ENTRIES, args: [args.numbers] },
      { sql: WALLETS, args: [args.students] },
      { sql: LEASES, args: [args.students] },
      { sql: SALES, args: [args.products] },
      { sql: CARDS, args: [args.cards] },
      { sql: UNDOABLE, args: [args.undone] },
      HOUSE,
      { sql: NONCES, args: [nonces] },
      { sql: ORDERS, args: [args.orders] },
    ],
    "read",
  );
  const rows = (index: number): Row[] => (results[index] as ResultSet).rows;
  const house = houseOfRows(rows(8));
  return {
    lastSeq,
    terminals: new Set(rows(0).map((row) => numberIn(row, "id"))),
    chains: new Map(rows(1).map((row) => chainOfRow(row, ring))),
    entries: new Map(rows(2).map((row) => [keyOfRow(row), bytesIn(row, "hash")])),
    wallets: new Map(listIn(rows(3)).map(walletOfList)),
    leases: new Map(listIn(rows(4)).map(leaseOfList)),
    sales: new Map(rows(5).map((row) => [numberIn(row, "id"), numberIn(row, "account")])),
    cards: historiesOfRows(rows(6)),
    undoable: salesOfRows(rows(7)),
    house,
    nonces: new Set(rows(9).map(nonceOfRow)),
    orders: ordersOfRows(rows(10), house.unknownProducts),
  };
}

function historiesOfRows(rows: Row[]): Map<string, CardEvent[]> {
  const histories = new Map<string, CardEvent[]>();
  for (const row of rows) {
    const uid = hexOf(bytesIn(row, "uid"));
    const maySpend = numberIn(row, "spends") === 1;
    const event = { student: numberIn(row, "student"), maySpend, at: numberIn(row, "at") };
    histories.set(uid, [...(histories.get(uid) ?? []), event]);
  }
  return histories;
}

/** R is the first half of a signature (RFC 8032 section 5.1.6). */
export const pointOf = (token: Token): string => hexOf(token.signature.subarray(0, POINT_BYTES));

function nonceOf(token: Token): (number | string)[] {
  const { terminal, epoch, nonce } = token.entry;
  return [terminal, epoch, nonce, pointOf(token)];
}

function nonceOfRow(row: Row): string {
  return nonceKey(numberIn(row, "terminal"), numberIn(row, "epoch"), textIn(row, "name"));
}

type Arguments = {
  orders: string;
  terminals: string;
  numbers: string;
  students: string;
  undone: string;
  products: string;
  cards: string;
};

function argumentsOf(entries: Entry[]): Arguments {
  const orders: number[] = [];
  const numbers: number[][] = [];
  const students: number[][] = [];
  const undone: number[][] = [];
  const closing: number[][] = [];
  const products = new Set<number>();
  const cards = new Set<string>();
  for (const entry of entries) {
    const { terminal, epoch } = entry;
    numbers.push([terminal, epoch, entry.seq]);
    if (entry.kind === "collect") orders.push(entry.order);
    if (entry.kind === "close") closing.push([terminal, epoch]);
    if (entry.kind !== "purchase" && entry.kind !== "void" && entry.kind !== "lowered") continue;
    students.push([terminal, epoch, entry.student]);
    if (entry.kind === "lowered") continue;
    if (entry.kind === "void") undone.push([terminal, epoch, entry.voids]);
    else {
      cards.add(hexOf(entry.card));
      for (const line of entry.lines) products.add(line.product);
    }
  }
  // Whoever closes gives back what the students of all other entries had there.
  const named = closing.length ? [...new Set(students.map(([, , student = 0]) => student))] : [];
  for (const [terminal = 0, epoch = 0] of closing)
    for (const student of named) students.push([terminal, epoch, student]);
  const terminals = new Set(entries.map((entry) => entry.terminal));
  return {
    terminals: JSON.stringify([...terminals]),
    numbers: JSON.stringify(numbers),
    students: JSON.stringify(students),
    undone: JSON.stringify(undone),
    products: JSON.stringify([...products]),
    cards: JSON.stringify([...cards]),
    orders: JSON.stringify(orders),
  };
}

function keyOfRow(row: Row): string {
  return entryKey(numberIn(row, "terminal"), numberIn(row, "epoch"), numberIn(row, "seq"));
}

function ordersOfRows(rows: Row[], unknownProducts: number): Map<number, PreOrder> {
  const orders = new Map<number, PreOrder>();
  for (const row of rows) {
    const id = numberIn(row, "id");
    const state = textIn(row, "state") as PreOrder["state"];
    const order = orders.get(id) ?? { student: numberIn(row, "student"), state, held: [] };
    const cents = numberIn(row, "cents");
    if (cents) order.held.push({ account: numberIn(row, "account") || unknownProducts, cents });
    orders.set(id, order);
  }
  return orders;
}

export function keyIn(ring: KeyRing, publicKey: Bytes): KeyObject {
  const name = hexOf(publicKey);
  const key = ring.get(name) ?? importPublicKey(publicKey);
  ring.set(name, key);
  return key;
}

function chainOfRow(row: Row, ring: KeyRing): [string, Chain] {
  const publicKey = bytesIn(row, "public_key");
  const key = keyIn(ring, publicKey);
  const lastSeq = numberIn(row, "seq");
  const lastHash = lastSeq ? bytesIn(row, "hash") : NO_HASH;
  const lastNonce = numberIn(row, "nonce");
  const chain = { key, lastSeq, lastHash, lastNonce, isWrittenOff: row["gone"] === 1 };
  return [chainKey(numberIn(row, "terminal"), numberIn(row, "epoch")), chain];
}

/** The integers of STRICT tables, so nothing of them is asked again. */
function listIn(rows: Row[]): number[][] {
  return JSON.parse(textIn(rows[0] as Row, "list")) as number[][];
}

function walletOfList(list: number[]): [number, Wallet] {
  const [student = 0, account = 0, balanceCents = 0, reservedCents = 0] = list;
  return [student, { account, balanceCents, reservedCents }];
}

function leaseOfList(list: number[]): [string, Lease] {
  const [terminal = 0, epoch = 0, student = 0, ceilingCents = 0, version = 0, remainingCents = 0] =
    list;
  const drawn = { drawnSpentCents: 0, drawnVoidedCents: 0, deepestCents: 0 };
  return [leaseKey(terminal, epoch, student), { ceilingCents, version, remainingCents, ...drawn }];
}

/** Transfers that are reversed already are not among the rows, so an undone purchase has none
 * left. */
function salesOfRows(rows: Row[]): Map<string, Sale> {
  const sales = new Map<string, Sale>();
  for (const row of rows) {
    const sale = sales.get(keyOfRow(row)) ?? {
      student: numberIn(row, "student"),
      totalCents: numberIn(row, "total"),
      leasedCents: numberIn(row, "leased"),
      postings: [],
    };
    sale.postings.push({
      seq: numberIn(row, "transfer"),
      debit: numberIn(row, "debit"),
      credit: numberIn(row, "credit"),
      amountCents: numberIn(row, "amount"),
    });
    sales.set(keyOfRow(row), sale);
  }
  return sales;
}

function houseOfRows(rows: Row[]): House {
  const ids = new Map(rows.map((row) => [textIn(row, "name"), numberIn(row, "id")]));
  const need = (name: string): number => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`books: the ledger has no account ${name}`);
    return id;
  };
  return {
    risk: need("risk/terminals"),
    solidarity: need("solidarity/grace"),
    unknownCards: need("suspense/cards"),
    unknownProducts: need("suspense/products"),
    orders: ids.get("hold/orders"),
  };
}
