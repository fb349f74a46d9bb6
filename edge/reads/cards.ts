// Cards as people see them: a student's, one with its history, and of a blocked one when each counter knew of it and what was
// bought on it all the same, at the school's expense.

import type { Client, Row } from "@libsql/client/web";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { readUid } from "#edge/people/cards/uid.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";

export type CardEventKind = "issued" | "blocked" | "unblocked" | "returned";
/** uid in hexadecimal; since in seconds since 1970. byGuardian: a guardian did what was done last; blocks: the version of the
 * block list that first says so. */
export type HeldCard = {
  uid: string;
  student: number;
  status: "active" | "blocked";
  since: number;
  reason: string;
  keyEpoch: number;
  byGuardian: boolean;
  blocks: number;
};
/** holder: undefined while it lies in a drawer. author: "" for nobody. */
export type CardFile = {
  uid: string;
  held: HeldCard | undefined;
  events: {
    kind: CardEventKind;
    at: number;
    student: number;
    name: string;
    author: string;
    reason: string;
  }[];
};
/** heardAt: 0 while the counter has not said that it knows. taps: what the school pays. */
export type CardBlock = {
  terminals: { name: string; heardAt: number; lastSeen: number; here: boolean }[];
  taps: { terminal: string; at: number; cents: number }[];
};
export type CardList = {
  found: { uid: string; student: number; name: string; class: string; status: string }[];
  blocked: CardList["found"];
  without: { id: number; name: string; class: string }[];
};

const LAST_EVENT = "(select max(id) from card_event where uid = c.uid)";
const HELD = `select c.uid, c.student, c.status, c.since, c.reason, c.key_epoch, e.blocks,
    coalesce(p.role, '') = 'guardian' as by_guardian
  from card c join card_event e on e.id = ${LAST_EVENT} left join person p on p.id = e.author`;

export async function readCards(client: Client, student: number): Promise<HeldCard[]> {
  const sql = `${HELD} where c.student = ? order by c.status, c.since desc, c.uid`;
  return (await client.execute({ sql, args: [student] })).rows.map(heldOf);
}

/** undefined when the school never had it. */
export async function readCard(client: Client, text: string): Promise<CardFile | undefined> {
  const read = readUid(text);
  if ("fault" in read) return undefined;
  const [held, events] = await client.batch(
    [
      { sql: `${HELD} where c.uid = ?`, args: [read.uid] },
      {
        sql: `select e.kind, e.at, e.student, e.reason, s.first_name || ' ' || s.last_name as name,
            coalesce(p.name, '') as author
          from card_event e join student s on s.id = e.student
          left join person p on p.id = e.author where e.uid = ? order by e.id desc`,
        args: [read.uid],
      },
    ],
    "read",
  );
  if (!events?.rows.length) return undefined;
  const [card] = held?.rows ?? [];
  return { uid: toHex(read.uid), held: card && heldOf(card), events: events.rows.map(eventOf) };
}

/** Of a card that is blocked now. */
export async function readBlock(client: Client, card: HeldCard): Promise<CardBlock> {
  const [terminals, taps] = await client.batch(
    [
      {
        sql: `select t.name, t.here, t.last_seen, coalesce(
            (select min(h.at) from block_heard h
              where h.terminal = t.id and h.epoch = t.epoch and h.version >= ?1),
            iif(t.blocks >= ?1, t.last_seen, 0)) as heard
          from terminal t where t.epoch > 0 order by t.id`,
        args: [card.blocks],
      },
      { sql: TAPS, args: [card.student, card.since, uidOf(card.uid)] },
    ],
    "read",
  );
  return {
    terminals: (terminals?.rows ?? []).map((row) => ({
      name: textIn(row, "name"),
      heardAt: numberIn(row, "heard"),
      lastSeen: numberIn(row, "last_seen"),
      here: numberIn(row, "here") === 1,
    })),
    taps: (taps?.rows ?? []).map((row) => ({
      terminal: textIn(row, "name"),
      at: numberIn(row, "at"),
      cents: numberIn(row, "cents"),
    })),
  };
}

// The number of the card stands in the signed bytes.
const TAPS = `select e.at, t.name, sum(m.amount) as cents
  from entry e join terminal t on t.id = e.terminal
  join transfer m on m.source = e.terminal and m.counter = e.epoch * ${2 ** 32} + e.seq
  join account a on a.id = m.debit and a.kind = 'risk'
  where e.kind = 'purchase' and e.student = ?1 and e.at >= ?2 and e.outcome = 'risk'
    and instr(e.token, ?3) > 0 and not exists(select 1 from transfer r where r.reverses = m.seq)
  group by e.terminal, e.epoch, e.seq order by e.at`;
const NAMED = `select c.uid, c.student, s.first_name || ' ' || s.last_name as name, s.class, c.status
  from card c join student s on s.id = c.student`;

/** search: the beginning of a number, as printed or read. */
export async function readCardList(client: Client, search: string): Promise<CardList> {
  const digits = search.replace(/[\s:.-]/g, "").toUpperCase();
  const [found, blocked, without] = await client.batch(
    [
      {
        sql: `${NAMED} where ?1 <> '' and substr(hex(c.uid), 1, length(?1)) = ?1
          order by c.uid limit 20`,
        args: [digits],
      },
      `${NAMED} where c.status = 'blocked' and s.left_at = 0 order by c.since desc, c.uid limit 50`,
      `select s.id, s.first_name || ' ' || s.last_name as name, s.class from student s
        where s.left_at = 0 and not exists(
          select 1 from card c where c.student = s.id and c.status = 'active')
        order by s.class, s.last_name, s.first_name limit 200`,
    ],
    "read",
  );
  return {
    found: (found?.rows ?? []).map(namedOf),
    blocked: (blocked?.rows ?? []).map(namedOf),
    without: (without?.rows ?? []).map((row) => ({
      id: numberIn(row, "id"),
      name: textIn(row, "name"),
      class: textIn(row, "class"),
    })),
  };
}

function namedOf(row: Row): CardList["found"][number] {
  return {
    uid: toHex(bytesIn(row, "uid")),
    student: numberIn(row, "student"),
    name: textIn(row, "name"),
    class: textIn(row, "class"),
    status: textIn(row, "status"),
  };
}

function heldOf(row: Row): HeldCard {
  return {
    uid: toHex(bytesIn(row, "uid")),
    student: numberIn(row, "student"),
    status: textIn(row, "status") === "blocked" ? "blocked" : "active",
    since: numberIn(row, "since"),
    reason: textIn(row, "reason"),
    keyEpoch: numberIn(row, "key_epoch"),
    byGuardian: numberIn(row, "by_guardian") === 1,
    blocks: numberIn(row, "blocks"),
  };
}

function eventOf(row: Row): CardFile["events"][number] {
  return {
    kind: textIn(row, "kind") as CardEventKind,
    at: numberIn(row, "at"),
    student: numberIn(row, "student"),
    name: textIn(row, "name"),
    author: textIn(row, "author"),
    reason: textIn(row, "reason"),
  };
}

function uidOf(hex: string): Bytes {
  const read = readUid(hex);
  if ("fault" in read) throw new Error(`cards: ${hex} is no number of a card`);
  return read.uid;
}
