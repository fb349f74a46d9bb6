// The log of what staff did, searched and read; the secretary reads what she did herself. Each entry says what was so before
// and after, side by side. The file is the same search, for a spreadsheet.

import type { AuditChoices, AuditEntry, AuditQuery } from "#edge/reads/audit.ts";
import { When } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";
import { actionIn, factsIn, subjectIn } from "./changes.ts";

const ENTRIES_SHOWN = 50;
/** Some years of a busy office; a spreadsheet holds a million. */
const FILE_ROWS_MAX = 50_000;

export async function auditLog(c: PageContext) {
  const { voice, reads, person, now } = c.var;
  const { t } = voice;
  if (!person) return c.notFound();
  const isOwn = person.role === "secretary";
  const asked = queryIn(c);
  const query = isOwn ? { ...asked, author: String(person.id) } : asked;
  const [{ entries, older }, choices] = await Promise.all([
    reads.audit(query, ENTRIES_SHOWN),
    reads.auditChoices(),
  ]);
  const title = isOwn ? t.audit.own : t.audit.title;
  return page(
    c,
    title,
    <>
      <h1>{title}</h1>
      <p>{t.audit.why}</p>
      <Search query={query} choices={choices} isOwn={isOwn} voice={voice} />
      <section class="panel">
        {entries.length === 0 && <p class="empty">{t.audit.nothing}</p>}
        {entries.length > 0 && <Entries entries={entries} now={now} voice={voice} />}
        {older && (
          <p class="more">
            <a href={`/audit?${textOf({ ...asked, before: entries.at(-1)?.key ?? "" })}`}>
              {t.audit.older}
            </a>
          </p>
        )}
      </section>
      {!isOwn && (
        <p>
          <a href={`/audit.csv?${textOf({ ...asked, before: "" })}`}>{t.audit.file}</a>
        </p>
      )}
    </>,
  );
}

export async function auditFile(c: PageContext) {
  const { voice, reads } = c.var;
  const { t } = voice;
  const { entries } = await reads.audit(queryIn(c), FILE_ROWS_MAX);
  const head = [
    t.audit.when,
    t.audit.who,
    t.audit.what,
    t.audit.subject,
    t.audit.before,
    t.audit.after,
    t.audit.reason,
  ];
  const rows = entries.map((entry) => [
    voice.moment(entry.at),
    entry.author,
    actionIn(entry, t),
    subjectIn(entry, t).words,
    factsIn(entry.before, voice).join("\n"),
    factsIn(entry.after, voice).join("\n"),
    entry.reason,
  ]);
  return c.body(reads.csv([head, ...rows]), 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="audit.csv"',
  });
}

function queryIn(c: PageContext): AuditQuery {
  const of = (name: keyof AuditQuery): string => (c.req.query(name) ?? "").trim();
  return {
    author: of("author"),
    area: of("area"),
    subject: of("subject"),
    words: of("words"),
    from: of("from"),
    until: of("until"),
    before: of("before"),
  };
}

function textOf(query: AuditQuery): string {
  return String(new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")));
}

type SearchProps = { query: AuditQuery; choices: AuditChoices; isOwn: boolean; voice: Voice };

function Search({ query, choices, isOwn, voice }: SearchProps) {
  const { t } = voice;
  const areas: Record<string, string> = t.audit.areas;
  return (
    <form class="search" role="search">
      {!isOwn && (
        <label>
          {t.audit.who}
          <select name="author">
            <option value="">{t.audit.anybody}</option>
            {choices.authors.map(({ id, name }) => (
              <option value={id} selected={id === query.author}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t.audit.area}
        <select name="area">
          <option value="">{t.audit.anything}</option>
          {choices.areas.map((area) => (
            <option value={area} selected={area === query.area}>
              {areas[area] ?? area}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.audit.words}
        <input type="search" name="words" value={query.words} autocomplete="off" />
      </label>
      <label>
        {t.audit.from}
        <input type="date" name="from" value={query.from} />
      </label>
      <label>
        {t.audit.until}
        <input type="date" name="until" value={query.until} />
      </label>
      {query.subject && <input type="hidden" name="subject" value={query.subject} />}
      <button>{t.students.submit}</button>
    </form>
  );
}

type EntriesProps = { entries: AuditEntry[]; now: number; voice: Voice };

function Entries({ entries, now, voice }: EntriesProps) {
  const { t } = voice;
  return (
    <table class="rows stacked">
      <thead>
        <tr>
          <th scope="col">{t.audit.when}</th>
          <th scope="col">{t.audit.what}</th>
          <th scope="col">{t.audit.before}</th>
          <th scope="col">{t.audit.after}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr>
            <td class="when">
              <When at={entry.at} now={now} voice={voice} />
              <small>{entry.author}</small>
            </td>
            <td>
              {actionIn(entry, t)} <Subject of={entry} t={t} />
              {entry.reason && <small>{t.audit.because(entry.reason)}</small>}
            </td>
            <Facts of={entry.before} label={t.audit.before} voice={voice} />
            <Facts of={entry.after} label={t.audit.after} voice={voice} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Subject({ of, t }: { of: AuditEntry; t: Voice["t"] }) {
  const { words, path } = subjectIn(of, t);
  return path ? <a href={path}>{words}</a> : <>{words}</>;
}

function Facts({ of, label, voice }: { of: string; label: string; voice: Voice }) {
  const facts = factsIn(of, voice);
  if (!facts.length) return <td></td>;
  return (
    <td data-label={label}>
      <ul class="plain">
        {facts.map((fact) => (
          <li>{fact}</li>
        ))}
      </ul>
    </td>
  );
}
