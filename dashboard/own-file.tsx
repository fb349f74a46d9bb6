// All that Obole has stored about somebody, as a page and as a file: for themselves, for the guardians of a child, and for the
// bursar, who answers for the school when a family asks. Only the bursar's copy says what others did or wrote.

import type { OwnFile, OwnTable, Subject } from "#edge/reads/privacy.ts";
import type { PageContext } from "./page.tsx";
import { page } from "./page.tsx";
import { numberIn } from "./path.ts";
import type { Voice } from "./voice.ts";

/** The page is for reading; the file has every row. */
const ROWS_SHOWN = 100;
/** What the family pays is kept from a minor, here too; the guardians' copy of the same child has it. */
const FAMILY_MONEY = ["account", "transfer", "command", "statement", "lease"];

export async function myFile(c: PageContext) {
  const { person, reads } = c.var;
  if (!person) return c.notFound();
  const student = await reads.ownStudent(person.id);
  const own: Subject = { kind: "person", id: person.id };
  const subjects = student ? [own, { kind: "student", id: student } as const] : [own];
  return answer(c, { name: person.name, subjects, isWhole: false, erasePath: undefined });
}

export async function childFile(c: PageContext) {
  const { person, reads } = c.var;
  const child = person && (await reads.child(person.id, numberIn(c.req.param("id"))));
  if (!child) return c.notFound();
  const name = `${child.firstName} ${child.lastName}`;
  const subjects: Subject[] = [{ kind: "student", id: child.id }];
  return answer(c, { name, subjects, isWhole: false, erasePath: undefined });
}

export function studentFile(c: PageContext) {
  return officeFile(c, "student", "/students");
}

export function personFile(c: PageContext) {
  return officeFile(c, "person", "/people");
}

async function officeFile(c: PageContext, kind: Subject["kind"], path: string) {
  const subject: Subject = { kind, id: numberIn(c.req.param("id")) };
  const found = await c.var.reads.subject(subject);
  if (!found) return c.notFound();
  const isSelf = kind === "person" && found.id === c.var.person?.id;
  const erasePath = found.isErased || isSelf ? undefined : `${path}/${found.id}/erase`;
  return answer(c, { name: found.name, subjects: [subject], isWhole: true, erasePath });
}

/** erasePath: undefined where nobody may erase from here. */
type Wanted = {
  name: string;
  subjects: Subject[];
  isWhole: boolean;
  erasePath: string | undefined;
};

async function answer(c: PageContext, { name, subjects, isWhole, erasePath }: Wanted) {
  const { voice, reads, now } = c.var;
  const { t } = voice;
  const logged = `${subjects[0]?.kind}/${subjects[0]?.id}`;
  const whole = await reads.ownFile(subjects, isWhole, now);
  const isMinor = c.var.person?.role === "student";
  const tables = whole.tables.filter(({ table }) => !isMinor || !FAMILY_MONEY.includes(table));
  const file = { ...whole, tables };
  if (c.req.query("file") === "json")
    return c.body(JSON.stringify(file, null, 2), 200, {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="obole-${logged.replace("/", "-")}.json"`,
    });
  return page(
    c,
    t.ownFile.title(name),
    <>
      <h1>{t.ownFile.title(name)}</h1>
      <p>{t.ownFile.why}</p>
      <p>
        <a href="?file=json" download>
          {t.ownFile.download}
        </a>{" "}
        <a href="/privacy">{t.privacy.title}</a>{" "}
        {isWhole && <a href={`/audit?subject=${logged}`}>{t.audit.title}</a>}
      </p>
      <Tables file={file} voice={voice} />
      {erasePath && (
        <p>
          <a href={erasePath}>{t.erase.title(name)}</a>
        </p>
      )}
    </>,
  );
}

function Tables({ file, voice }: { file: OwnFile; voice: Voice }) {
  const { t } = voice;
  return (
    <>
      {file.tables.map((table) => (
        <details class="panel" open={table.rows.length === 1}>
          <summary>
            {t.privacy.matters[table.matter].what}{" "}
            <small>{t.ownFile.rows(table.rows.length)}</small> <code>{table.table}</code>
          </summary>
          <Rows table={table} voice={voice} />
        </details>
      ))}
    </>
  );
}

function Rows({ table, voice }: { table: OwnTable; voice: Voice }) {
  const { t } = voice;
  const [first] = table.rows;
  const columns = Object.keys(first ?? {});
  const hidden = table.rows.length - ROWS_SHOWN;
  return (
    <>
      <table class="rows stacked">
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, ROWS_SHOWN).map((row) => (
            <tr>
              {columns.map((column) => (
                <td data-label={column}>
                  <code class="bytes">{textIn(column, row[column] ?? "", voice)}</code>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p>{t.ownFile.more(hidden)}</p>}
    </>
  );
}

/** Times are the one thing that nobody reads as a number. */
function textIn(column: string, value: string | number, voice: Voice): string {
  const isTime = typeof value === "number" && value > 0 && /(^|_)(at|since)$/.test(column);
  return isTime ? voice.moment(value) : String(value);
}
