// Students and guardians who would be new or change, each with what it was and what it would be.

import type { Change, Plan } from "#edge/people/register/plan.ts";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";
import { allergensText } from "./pupil-form.tsx";

/** A list that one reads; the figures above say how many there are. */
const SHOWN_MAX = 300;

export function NewStudents({ plan, voice }: { plan: Plan; voice: Voice }) {
  const { t } = voice;
  const added = plan.students.filter(({ isNew }) => isNew);
  if (!added.length) return <></>;
  return (
    <details class="panel">
      <summary>
        {t.importing.added} ({added.length})
      </summary>
      <ul class="plain">
        {added.slice(0, SHOWN_MAX).map(({ line }) => (
          <li>
            {line.lastName} {line.firstName} <small>{line.class}</small>{" "}
            <small>{line.number}</small>
          </li>
        ))}
      </ul>
      <More count={added.length} t={t} />
    </details>
  );
}

export function ChangedStudents({ plan, voice }: { plan: Plan; voice: Voice }) {
  const { t } = voice;
  const changed = plan.students.filter(({ isNew }) => !isNew);
  if (!changed.length) return <></>;
  return (
    <section class="panel" id="changes">
      <h2>{t.importing.changed}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.importing.student}</th>
            <th scope="col">{t.importing.column}</th>
            <th scope="col">{t.importing.before}</th>
            <th scope="col">{t.importing.after}</th>
          </tr>
        </thead>
        <tbody>
          {changed.slice(0, SHOWN_MAX).flatMap(({ line, changes }) =>
            changes.map((change) => (
              <tr>
                <td class="what">
                  {line.lastName} {line.firstName}
                </td>
                <td>{t.importing.field[change.field]}</td>
                <td>{valueOf(change, change.before, voice)}</td>
                <td>{valueOf(change, change.after, voice)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <More count={changed.length} t={t} />
    </section>
  );
}

function valueOf(change: Change, value: string | number, voice: Voice): string {
  if (typeof value === "string") return value;
  if (change.field === "allergens") return allergensText(value, voice.t) || "—";
  return value ? voice.date(value) : "—";
}

export function Guardians({ plan, t }: { plan: Plan; t: Texts }) {
  const { guardians } = plan;
  if (!guardians.length) return <></>;
  return (
    <details class="panel">
      <summary>
        {t.guardians.title} ({guardians.length})
      </summary>
      <ul class="plain">
        {guardians.slice(0, SHOWN_MAX).map((one) => (
          <li>
            {!one.isNew && (
              <del>
                {one.before.name} {one.before.address}
              </del>
            )}{" "}
            {one.name} <small>{one.username}</small>{" "}
            <span>{one.address || t.guardians.noAddress}</span>
          </li>
        ))}
      </ul>
      <More count={guardians.length} t={t} />
    </details>
  );
}

function More({ count, t }: { count: number; t: Texts }) {
  if (count <= SHOWN_MAX) return <></>;
  return <p>{t.importing.more(count - SHOWN_MAX)}</p>;
}
