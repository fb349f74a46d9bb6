// The register from a CSV file: choose it, see what it would change and which lines are wrong, then confirm. Nothing is
// written before that.

import type { ImportResult, Preview } from "#edge/people/register/import.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";
import { PreviewSections } from "./import-preview.tsx";

/** The month in which a school year's register is made: from here on the year that begins is meant. */
const NEW_YEAR_MONTH = 7;

export function importForm(c: PageContext) {
  return formPage(c, "");
}

export async function previewImport(c: PageContext) {
  const { person, desk, now, voice } = c.var;
  if (!person) return c.notFound();
  const { file, year } = await c.req.parseBody();
  if (!(file instanceof File) || !file.size) return formPage(c, voice.t.register.noFile);
  const preview = await desk.stageImport({
    file: new Uint8Array(await file.arrayBuffer()),
    year: numberIn(typeof year === "string" ? year : "") || yearOf(now),
    by: person.id,
    at: now,
  });
  return previewPage(c, preview, "");
}

export async function confirmImport(c: PageContext) {
  const { person, desk, now, reads, voice } = c.var;
  if (!person) return c.notFound();
  const sent = await c.req.parseBody({ all: true });
  const id = typeof sent["id"] === "string" ? sent["id"] : "";
  const ticked = [sent["left"] ?? []]
    .flat()
    .map((value) => numberIn(typeof value === "string" ? value : ""));
  const order = { id, leavers: ticked, day: reads.schoolDay(now), by: person.id, at: now };
  const result = await desk.confirmImport(order);
  if (result.ok) return donePage(c, result);
  const preview = await reads.preview(id);
  if (!preview) return formPage(c, voice.t.register.unknown);
  return previewPage(c, preview, voice.t.register.changedMeanwhile);
}

function yearOf(now: number): number {
  const date = new Date(now * 1000);
  return date.getUTCFullYear() - (date.getUTCMonth() + 1 < NEW_YEAR_MONTH ? 1 : 0);
}

function formPage(c: PageContext, problem: string) {
  const { voice, now } = c.var;
  const { t } = voice;
  const year = yearOf(now);
  return page(
    c,
    t.register.title,
    <>
      <h1>{t.register.title}</h1>
      <Problem words={problem} />
      <section class="panel">
        <form class="fields" method="post" action="/students/import" enctype="multipart/form-data">
          <label>
            {t.register.file}
            <input type="file" name="file" accept=".csv,text/csv,text/plain" required />
          </label>
          <label>
            {t.register.year}
            <select name="year">
              {[year - 1, year, year + 1].map((one) => (
                <option value={one} selected={one === year}>
                  {one}–{one + 1}
                </option>
              ))}
            </select>
          </label>
          <button>{t.register.look}</button>
        </form>
        <p class="more">{t.register.nothingYet}</p>
      </section>
      <Format t={t} />
    </>,
    { status: problem ? 422 : 200 },
  );
}

function Format({ t }: { t: Texts }) {
  return (
    <section class="panel">
      <h2>{t.register.format}</h2>
      <p>{t.register.formatWhy}</p>
      <p>{t.register.formatColumns}</p>
      <pre>{t.register.example}</pre>
      <p>{t.register.formatCodes}</p>
    </section>
  );
}

function previewPage(c: PageContext, preview: Preview, problem: string) {
  const { t } = c.var.voice;
  return page(
    c,
    t.register.previewTitle,
    <>
      <h1>{t.register.previewTitle}</h1>
      <Problem words={problem} />
      <PreviewSections preview={preview} t={t} />
    </>,
    { status: problem ? 422 : 200 },
  );
}

function donePage(c: PageContext, result: Extract<ImportResult, { ok: true }>) {
  const { t } = c.var.voice;
  return page(
    c,
    t.register.doneTitle,
    <section class="panel">
      <h1>{t.register.doneTitle}</h1>
      <p role="status">
        {t.register.done(result.added, result.changed, result.guardians, result.left)}
      </p>
      <p>
        <a href="/students">{t.students.title}</a>
      </p>
      <p>
        <a href="/people?state=closed">{t.people.inviteAll}</a>
      </p>
    </section>,
  );
}
