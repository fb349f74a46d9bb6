// What a file would change, before it does: errors by line, then students and guardians who are new or change, then who
// is not in the file. The form carries the fingerprint of what it shows; only that can be confirmed.

import type { Preview } from "#edge/people/register/imports.ts";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { ChangedStudents, Guardians, NewStudents } from "./import-changes.tsx";
import { Problems } from "./import-problems.tsx";
import { readSent, wordsOf } from "./sent.ts";

export async function importPreview(c: PageContext) {
  const shown = await c.var.reads.importPreview(c.req.param("import") ?? "");
  return shown ? previewPage(c, shown, "") : c.notFound();
}

export async function confirmImport(c: PageContext) {
  const sent = await readSent(c);
  const leavers = sent.all("leaver").map(numberIn);
  const unlinks = sent.all("unlink").map((pair): [number, number] => {
    const [person, student] = pair.split("/").map(numberIn);
    return [person ?? -1, student ?? -1];
  });
  const plan = sent.field("plan");
  return end(c, (id) => ({ kind: "confirmImport", import: id, plan, leavers, unlinks }));
}

export function discardImport(c: PageContext) {
  return end(c, (id) => ({ kind: "discardImport", import: id }));
}

type Ending = Extract<
  Parameters<PageContext["var"]["desk"]["act"]>[0],
  { kind: "confirmImport" | "discardImport" }
>;

async function end(c: PageContext, actOf: (id: string) => Omit<Ending, "by" | "at">) {
  const { reads, desk, person, now, voice } = c.var;
  const id = c.req.param("import") ?? "";
  if (!person || !(await reads.importPreview(id))) return c.notFound();
  const result = await desk.act({ by: person.id, at: now, ...actOf(id) } as Ending);
  if (result.ok) return c.redirect(`/register/import/${encodeURIComponent(id)}`, 303);
  // What would change now, not what was shown before.
  const shown = await reads.importPreview(id);
  if (!shown) return c.notFound();
  return previewPage(c, shown, wordsOf(voice.t.importing.refused, result.reason));
}

function previewPage(c: PageContext, shown: Preview, problem: string) {
  const { voice } = c.var;
  const { t } = voice;
  const { of } = shown;
  return page(
    c,
    t.importing.preview,
    <>
      <h1>
        {of.name} <small>{t.roll.year(of.year, of.year + 1)}</small>
      </h1>
      <Problem words={problem} />
      {of.state === "staged" ? <Staged shown={shown} voice={voice} /> : <Over {...{ of, voice }} />}
      <p>
        <a href="/register/import">{t.importing.title}</a>
      </p>
    </>,
    { status: problem ? 422 : 200 },
  );
}

function Over({ of, voice }: { of: Preview["of"]; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <p class="notice" role="status">
        {t.importing.done} {t.importing.state[of.state]}
      </p>
      {of.counts && <p>{t.importing.counts(of.counts.added, of.counts.changed)}</p>}
      <p>
        <a href="/register">{t.roll.title}</a>
      </p>
    </section>
  );
}

function Staged({ shown, voice }: { shown: Preview; voice: Voice }) {
  const { t } = voice;
  const { of, file, plan, fingerprint } = shown;
  const path = `/register/import/${encodeURIComponent(of.id)}`;
  const problems = [...file.problems, ...plan.problems].toSorted((a, b) => a.line - b.line);
  const isEmpty = plan.enrolments.length === 0;
  return (
    <>
      <Figures shown={shown} voice={voice} />
      {plan.beginsYear && <p class="notice">{t.importing.begins(plan.year, plan.year + 1)}</p>}
      {problems.length > 0 && <Problems problems={problems} t={t} />}
      <NewStudents plan={plan} voice={voice} />
      <ChangedStudents plan={plan} voice={voice} />
      <Guardians plan={plan} t={t} />
      {isEmpty && <p class="empty">{t.importing.nothing}</p>}
      {!isEmpty && (
        <form method="post" action={path}>
          <input type="hidden" name="plan" value={fingerprint} />
          <Missing shown={shown} voice={voice} />
          <Unlisted shown={shown} voice={voice} />
          <button>{t.importing.confirm}</button>
        </form>
      )}
      <form method="post" action={`${path}/discard`}>
        <button class="quiet">{t.importing.discard}</button>
      </form>
    </>
  );
}

function Figures({ shown, voice }: { shown: Preview; voice: Voice }) {
  const { t } = voice;
  const { of, file, plan } = shown;
  const added = plan.students.filter(({ isNew }) => isNew).length;
  const newGuardians = plan.guardians.filter(({ isNew }) => isNew).length;
  const figures: [string, string | number][] = [
    [t.importing.added, added],
    [t.importing.changed, plan.students.length - added],
    [t.importing.unchanged, plan.unchanged],
    [t.importing.newGuardians, newGuardians],
    [t.importing.changedGuardians, plan.guardians.length - newGuardians],
    [t.importing.encoding, file.encoding],
    [t.importing.author, `${of.author}, ${voice.moment(of.at)}`],
  ];
  return (
    <section class="panel">
      <h2>{t.importing.preview}</h2>
      <dl class="facts">
        {figures.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Missing({ shown, voice }: { shown: Preview; voice: Voice }) {
  const { t } = voice;
  const { missing } = shown.plan;
  if (!missing.length) return <></>;
  return (
    <fieldset class="panel">
      <legend>{t.importing.missing}</legend>
      <p>{t.importing.missingWhy}</p>
      {missing.map((one) => (
        <label class="choice">
          <input type="checkbox" name="leaver" value={String(one.id)} />
          {one.lastName} {one.firstName} <small>{one.class}</small>
        </label>
      ))}
    </fieldset>
  );
}

function Unlisted({ shown, voice }: { shown: Preview; voice: Voice }) {
  const { t } = voice;
  const { unlisted } = shown.plan;
  if (!unlisted.length) return <></>;
  return (
    <fieldset class="panel">
      <legend>{t.importing.unlisted}</legend>
      <p>{t.importing.unlistedWhy}</p>
      {unlisted.map((one) => (
        <label class="choice">
          <input type="checkbox" name="unlink" value={`${one.person}/${one.student}`} />
          {t.importing.unlistedOne(one.name, one.studentName)}
        </label>
      ))}
    </fieldset>
  );
}
