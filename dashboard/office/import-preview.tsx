// What a register file would do: the lines that are wrong, what is new, what changes, who is missing.

import type { Preview } from "#edge/people/register/import.ts";
import type { Plan, StudentChange } from "#edge/people/register/plan.ts";
import type { Problem } from "#edge/people/register/read-register.ts";
import type { Texts } from "../texts/fr.ts";

/** More would not be read; the counts say how many there are. */
const SHOWN_MAX = 200;

export function PreviewSections({ preview, t }: { preview: Preview; t: Texts }) {
  const { register, plan, id } = preview;
  const { problems, ignored } = register;
  const changes = plan.added.length + plan.changed.length + plan.guardiansChanged.length;
  const hasWork = changes + plan.guardiansAdded.length + plan.ties.length + plan.missing.length > 0;
  return (
    <>
      <Counts plan={plan} wrong={problems.length} t={t} />
      {ignored.length > 0 && <p>{t.register.ignored(ignored.join(", "))}</p>}
      {problems.length > 0 && <Problems problems={problems} t={t} />}
      {plan.changed.length > 0 && <Changes changed={plan.changed} t={t} />}
      {plan.added.length > 0 && (
        <section class="panel">
          <h2>{t.register.added}</h2>
          <p>
            {plan.added
              .slice(0, SHOWN_MAX)
              .map((one) => `${one.firstName} ${one.lastName} (${one.class})`)
              .join(", ")}
            {plan.added.length > SHOWN_MAX && "…"}
          </p>
        </section>
      )}
      <form method="post" action="/students/import/confirm">
        <input type="hidden" name="id" value={id} />
        {plan.missing.length > 0 && <Missing missing={plan.missing} t={t} />}
        {hasWork && <button>{t.register.confirm}</button>}{" "}
        <a href="/students/import">{t.register.another}</a>
      </form>
    </>
  );
}

function Counts({ plan, wrong, t }: { plan: Plan; wrong: number; t: Texts }) {
  const figures: [string, number][] = [
    [t.register.wrongLines, wrong],
    [t.register.added, plan.added.length],
    [t.register.changed, plan.changed.length],
    [t.register.unchanged, plan.unchanged],
    [t.register.guardiansAdded, plan.guardiansAdded.length],
    [t.register.guardiansChanged, plan.guardiansChanged.length],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, count]) => (
        <div>
          <dt>{name}</dt>
          <dd class="large">{count}</dd>
        </div>
      ))}
    </dl>
  );
}

function Problems({ problems, t }: { problems: Problem[]; t: Texts }) {
  return (
    <section class="panel">
      <h2>{t.register.wrongLines}</h2>
      <p>{t.register.wrongLinesWhy}</p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col" class="figure">
              {t.register.line}
            </th>
            <th scope="col">{t.register.column}</th>
            <th scope="col">{t.register.value}</th>
            <th scope="col">{t.register.fault}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, SHOWN_MAX).map((problem) => (
            <tr>
              <td class="figure">{problem.line}</td>
              <td>{columnName(problem.column, t)}</td>
              <td>
                <code>{problem.value}</code>
              </td>
              <td>{t.register.faults[problem.fault]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function columnName(column: string, t: Texts): string {
  const names: { [field: string]: string } = t.register.fields;
  return names[column] ?? column;
}

function Changes({ changed, t }: { changed: StudentChange[]; t: Texts }) {
  return (
    <section class="panel">
      <h2>{t.register.changed}</h2>
      <ul class="plain">
        {changed.slice(0, SHOWN_MAX).map((one) => (
          <li>
            {one.firstName} {one.lastName} <small>{differences(one, t)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function differences(one: StudentChange, t: Texts): string {
  const { leftOn, ...before } = one.before;
  const fields = (Object.keys(before) as (keyof typeof before)[]).map((field) =>
    t.register.became(columnName(field, t), String(before[field] ?? "–"), String(one[field])),
  );
  return [...(leftOn ? [t.register.back] : []), ...fields].join(", ");
}

function Missing({ missing, t }: { missing: Plan["missing"]; t: Texts }) {
  return (
    <fieldset class="panel">
      <legend>
        <h2>{t.register.missing(missing.length)}</h2>
      </legend>
      <p>{t.register.missingWhy}</p>
      {missing.slice(0, SHOWN_MAX).map((one) => (
        <label class="choice">
          <input type="checkbox" name="left" value={one.id} />
          {one.firstName} {one.lastName} <small>{one.class}</small>
        </label>
      ))}
    </fieldset>
  );
}
