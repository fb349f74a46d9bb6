// Somebody's data is erased: what names them goes, and what they did stays under a number, so that the books remain whole. A
// student is erased when the wallet is empty and no terminal may still spend from it; a member of staff never by themselves.

import type { InStatement, Row } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { schoolDay } from "#edge/order-lists.ts";
import { audit } from "./audit.ts";
import type { Somebody } from "./erasing.ts";
import { personRows, studentRows } from "./erasing.ts";

/** name: as typed by whoever confirms it. */
export type ErasureAct = { name: string; reason: string } & (
  | { kind: "erasePerson"; person: number }
  | { kind: "eraseStudent"; student: number }
);
export type ErasureRefusal =
  | "unknown-person"
  | "other-name"
  | "no-reason"
  | "named-reason"
  | "yourself"
  | "last-bursar"
  | "last-guardian"
  | "balance"
  | "reserved"
  | "orders";
export type ErasureResult = { ok: true } | { ok: false; reason: ErasureRefusal };

type Doer = { by: number; at: number };

const REASON_CHARACTERS_MAX = 200;
/** Shorter words of a name are also words of the language: de, van, le. */
const NAME_WORD_MIN = 4;

// An account of a student goes with the student, and the other way round.
const PERSON = `select id, name, username, address, role,
    (select count(*) from person o where o.role = 'bursar' and o.id <> p.id
      and (o.ends_at = 0 or o.ends_at > ?2)) as bursars,
    (select count(*) from guardianship g join student s on s.id = g.student
      join account a on a.id = s.account
      where g.person = p.id and a.balance <> 0 and not exists(
        select 1 from guardianship o where o.student = g.student and o.person <> p.id)) as alone
  from person p where id = ?1`;
const STUDENT = `select s.id, s.first_name || ' ' || s.last_name as name, a.balance, a.reserved,
    (select count(*) from pre_order o where o.student = s.id and o.state = 'ordered'
      and o.day >= ?2) as orders
  from student s join account a on a.id = s.account where s.id = ?1`;
const ACCOUNTS = "select id, name, username, address from person where student = ?";
const IS_ERASED = "select 1 from erasure where subject = ?";

/** Erased again, nothing changes. */
export function runErasure(ledger: Ledger, act: ErasureAct & Doer): Promise<ErasureResult> {
  const subject = act.kind === "erasePerson" ? `person/${act.person}` : `student/${act.student}`;
  return inTurn(ledger, async () => {
    const erased = await ledger.client.execute({ sql: IS_ERASED, args: [subject] });
    if (erased.rows.length) return { ok: true };
    const found = await (act.kind === "erasePerson"
      ? readPerson(ledger, act.person, act)
      : readStudent(ledger, act.student, act));
    const reason = "reason" in found ? found.reason : wordsAgainst(act, found.name);
    if (reason || "reason" in found) return { ok: false, reason: reason ?? "unknown-person" };
    await ledger.client.batch([...found.rows, ...traceOf(act, subject)], "write");
    return { ok: true };
  });
}

/** rows: the statements that erase. */
type Found = { name: string; rows: InStatement[] } | { reason: ErasureRefusal };

async function readPerson(ledger: Ledger, id: number, { by, at }: Doer): Promise<Found> {
  const found = await ledger.client.execute({ sql: PERSON, args: [id, at] });
  const [row] = found.rows;
  if (!row || row["role"] === "student") return { reason: "unknown-person" };
  if (id === by) return { reason: "yourself" };
  if (row["role"] === "bursar" && numberIn(row, "bursars") === 0) return { reason: "last-bursar" };
  if (numberIn(row, "alone") > 0) return { reason: "last-guardian" };
  return { name: textIn(row, "name"), rows: personRows(somebodyIn(row), at) };
}

async function readStudent(ledger: Ledger, id: number, { by, at }: Doer): Promise<Found> {
  const today = schoolDay(at * 1000);
  const [students, accounts] = await ledger.client.batch(
    [
      { sql: STUDENT, args: [id, today] },
      { sql: ACCOUNTS, args: [id] },
    ],
    "read",
  );
  const [row] = students?.rows ?? [];
  if (!row) return { reason: "unknown-person" };
  if (numberIn(row, "orders") > 0) return { reason: "orders" };
  if (numberIn(row, "reserved") > 0) return { reason: "reserved" };
  if (numberIn(row, "balance") !== 0) return { reason: "balance" };
  const name = textIn(row, "name");
  const own = (accounts?.rows ?? []).flatMap((one) => personRows(somebodyIn(one), at));
  return { name, rows: [...own, ...studentRows({ id, name }, { by, at })] };
}

function somebodyIn(row: Row): Somebody {
  return {
    id: numberIn(row, "id"),
    name: textIn(row, "name"),
    username: textIn(row, "username"),
    address: textIn(row, "address"),
  };
}

/** The reason stays in the log for ever, so it must not say the name that goes. */
function wordsAgainst(act: ErasureAct, name: string): ErasureRefusal | undefined {
  if (plain(act.name) !== plain(name)) return "other-name";
  const reason = plain(act.reason);
  if (!reason || reason.length > REASON_CHARACTERS_MAX) return "no-reason";
  const words = plain(name).split(" ");
  const isNamed = words.some((word) => word.length >= NAME_WORD_MIN && reason.includes(word));
  return isNamed ? "named-reason" : undefined;
}

function plain(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
}

function traceOf(act: ErasureAct & Doer, subject: string): InStatement[] {
  const { by: author, at } = act;
  return [
    {
      sql: "insert into erasure(subject, at, author) values(?, ?, ?)",
      args: [subject, at, author],
    },
    audit({ author, at, action: "privacy.erase", subject, reason: act.reason.trim() }),
  ];
}
