// A file of students: what it must look like, and the form that sends it. Nothing is imported here.

import { randomUUID } from "node:crypto";
import type { Import } from "#edge/people/register/imports.ts";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { readSent, wordsOf } from "./sent.ts";

/** Spreadsheets take a file for UTF-8 only when it begins so. */
const BYTE_ORDER_MARK = "\ufeff";

export function importForm(c: PageContext) {
  return importPage(c, "");
}

/** A file that is larger than the route takes. */
export function importTooLarge(c: PageContext) {
  return importPage(c, c.var.voice.t.importing.refused["too-large"]);
}

export async function stageImport(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  const { t } = voice;
  if (!person) return c.notFound();
  const sent = await readSent(c);
  const file = sent.file("file");
  if (!file?.size) return importPage(c, t.importing.noFile);
  const id = sent.field("id").trim() || randomUUID();
  const content = new Uint8Array(await file.arrayBuffer());
  const year = numberIn(sent.field("year"));
  const result = await desk.act({
    by: person.id,
    at: now,
    kind: "stageImport",
    import: id,
    name: file.name,
    year,
    content,
  });
  if (!result.ok) return importPage(c, wordsOf(t.importing.refused, result.reason));
  return c.redirect(`/register/import/${encodeURIComponent(id)}`, 303);
}

export function importExample(c: PageContext) {
  const lines = c.var.voice.t.importing.sample;
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", 'attachment; filename="obole.csv"');
  return c.body(BYTE_ORDER_MARK + lines.map((line) => `${line}\r\n`).join(""));
}

async function importPage(c: PageContext, problem: string) {
  const { voice, reads } = c.var;
  const { t } = voice;
  const [year, latest] = await Promise.all([reads.schoolYear(), reads.imports()]);
  return page(
    c,
    t.importing.title,
    <>
      <h1>{t.importing.title}</h1>
      <section class="panel">
        <p>{t.importing.why}</p>
        <Problem words={problem} />
        <form class="fields" method="post" action="/register/import" enctype="multipart/form-data">
          <input type="hidden" name="id" value={randomUUID()} />
          <label>
            {t.importing.file}
            <input type="file" name="file" accept=".csv,.txt,text/csv,text/plain" required />
          </label>
          <label>
            {t.importing.year}
            <select name="year">
              {[year, year + 1].map((one) => (
                <option value={String(one)}>{t.roll.year(one, one + 1)}</option>
              ))}
            </select>
          </label>
          <button>{t.importing.submit}</button>
        </form>
      </section>
      <section class="panel">
        <h2>{t.importing.format}</h2>
        <ul>
          {t.importing.formats.map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
        <p>
          <a href="/register/import/example" download>
            {t.importing.example}
          </a>
        </p>
      </section>
      <Latest imports={latest} voice={voice} />
    </>,
    { status: problem ? 422 : 200 },
  );
}

function Latest({ imports, voice }: { imports: Import[]; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.importing.latest}</h2>
      {imports.length === 0 && <p class="empty">{t.importing.none}</p>}
      <ul class="plain">
        {imports.map((one) => (
          <li>
            <a href={`/register/import/${encodeURIComponent(one.id)}`}>{one.name}</a>{" "}
            <span>{t.importing.state[one.state]}</span>{" "}
            {one.counts && (
              <small>{t.importing.counts(one.counts.added, one.counts.changed)}</small>
            )}{" "}
            <small>
              {one.author}, {voice.moment(one.at)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
