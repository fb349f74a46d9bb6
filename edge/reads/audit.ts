// The log of what staff did: the acts of the audit table, and the commands of the ledger, which name their author already and
// are shown here rather than written twice. The newest comes first.

import type { Client, Row } from "@libsql/client/web";
import { midnightOf } from "#edge/calendar.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";

/** "" is any. author: a person's number, or the name of a job; area: the first word of an action; from and until: days as
 * "2026-11-23", both included; before: the key of an entry, for the page after it. */
export type AuditQuery = {
  author: string;
  area: string;
  subject: string;
  words: string;
  from: string;
  until: string;
  before: string;
};
/** before and after are JSON of what changed, or "". command: its number, for its movement; 0 for an act. */
export type AuditEntry = {
  key: string;
  at: number;
  author: string;
  action: string;
  subject: string;
  /** As they are called now; "" for what has no name. */
  subjectName: string;
  before: string;
  after: string;
  reason: string;
  command: number;
};
/** Whom and what the log can be searched for. */
export type AuditChoices = { authors: { id: string; name: string }[]; areas: string[] };

// What families order of the ledger is their own affair; accounts are opened by whatever needs them.
const LOG = `
  select 0 as source, a.no, a.at, cast(a.author as text) as author, p.name, a.action, a.subject,
    a.before, a.after, a.reason
  from audit a join person p on p.id = a.author
  union all
  select 1, c.no, c.at, coalesce(cast(p.id as text), c.author), coalesce(p.name, c.author),
    'ledger.' || c.kind,
    coalesce('student/' || (c.body ->> 'student'),
      'terminal/' || (c.body ->> 'terminal') || '/' || (c.body ->> 'epoch'),
      'movement/' || (c.body ->> 'source') || '/' || (c.body ->> 'counter'),
      'month/' || (c.body ->> 'month'), 'account/' || (c.body ->> 'account'), ''),
    '', json_remove(c.body, '$.kind', '$.student', '$.terminal', '$.epoch', '$.source', '$.counter',
      '$.month', '$.account', '$.reason', '$.note', '$.publicKey', '$.like'),
    coalesce(c.body ->> 'reason', c.body ->> 'note', '')
  from command c left join person p on p.username = c.author
  where c.kind <> 'openAccount' and (p.id is null or p.role not in ('guardian', 'student'))`;

const NAMED_LOG = `
  select l.*, coalesce(
    iif(subject like 'person/%', (select name from person where id = substr(subject, 8)), null),
    iif(subject like 'student/%', (select first_name || ' ' || last_name from student
      where id = substr(subject, 9)), null), '') as subject_name
  from (${LOG}) l`;

/** older: whether there are more than limit. */
export async function readAudit(
  client: Client,
  query: AuditQuery,
  limit: number,
): Promise<{ entries: AuditEntry[]; older: boolean }> {
  const { where, args } = conditionsOf(query);
  const found = await client.execute({
    sql: `select * from (${NAMED_LOG}) ${where.length ? "where " + where.join(" and ") : ""}
      order by at desc, source desc, no desc limit ?`,
    args: [...args, limit + 1],
  });
  return {
    entries: found.rows.slice(0, limit).map(entryOf),
    older: found.rows.length > limit,
  };
}

export async function readAuditChoices(client: Client): Promise<AuditChoices> {
  const [authors, areas] = await client.batch(
    [
      `select distinct author, name from (${LOG}) order by name`,
      `select distinct substr(action, 1, instr(action || '.', '.') - 1) as area from (${LOG})
        order by area`,
    ],
    "read",
  );
  return {
    authors: (authors?.rows ?? []).map((row) => ({
      id: textIn(row, "author"),
      name: textIn(row, "name"),
    })),
    areas: (areas?.rows ?? []).map((row) => textIn(row, "area")),
  };
}

function conditionsOf(query: AuditQuery): { where: string[]; args: (string | number)[] } {
  const where: string[] = [];
  const args: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]) => {
    where.push(condition);
    args.push(...values);
  };
  if (query.author) add("author = ?", query.author);
  if (query.area) add("action || '.' like ? || '.%'", query.area);
  if (query.subject) add("subject = ?", query.subject);
  for (const word of query.words.toLowerCase().split(/\s+/).filter(Boolean))
    add(
      `instr(lower(name || ' ' || action || ' ' || subject || ' ' || subject_name || before || after
        || ' ' || reason), ?)`,
      word,
    );
  const from = midnightIn(query.from, 0);
  const until = midnightIn(query.until, 1);
  if (from !== undefined) add("at >= ?", from);
  if (until !== undefined) add("at < ?", until);
  const [at, source, no] = query.before.split("-").map(Number);
  if (Number.isSafeInteger(at) && Number.isSafeInteger(source) && Number.isSafeInteger(no))
    add("(at, source, no) < (?, ?, ?)", at ?? 0, source ?? 0, no ?? 0);
  return { where, args };
}

/** The midnight that many days after the one with which this day begins. */
function midnightIn(day: string, later: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year ? midnightOf(Number(year), Number(month), Number(date) + later) : undefined;
}

function entryOf(row: Row): AuditEntry {
  const [at, source, no] = [numberIn(row, "at"), numberIn(row, "source"), numberIn(row, "no")];
  return {
    key: `${at}-${source}-${no}`,
    at,
    author: textIn(row, "name"),
    action: textIn(row, "action"),
    subject: textIn(row, "subject"),
    subjectName: textIn(row, "subject_name").trim(),
    before: textIn(row, "before"),
    after: textIn(row, "after"),
    reason: textIn(row, "reason"),
    command: source === 1 ? no : 0,
  };
}
