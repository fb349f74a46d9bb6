// A student's own page: what is left, and what they took. Who pays, when and how much is between the school and the family:
// no payment, no reminder and no debt is ever shown to a minor.

import type { Movement, MovementKind } from "#edge/reads/movements.ts";
import { When, idOf, summaryOf } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";

const MOVEMENTS_READ = 60;
const OWN: MovementKind[] = ["purchase", "void", "preOrder", "cancelPreOrder"];

export async function me(c: PageContext) {
  const { voice, now, person, reads } = c.var;
  const { t } = voice;
  const id = person && (await reads.ownStudent(person.id));
  const file = id && (await reads.student(id));
  if (!file) return c.notFound();
  const { movements } = await reads.movements(file, 0, MOVEMENTS_READ);
  const taken = movements.filter(({ kind }) => OWN.includes(kind));
  return page(
    c,
    t.me.title,
    <>
      <h1>
        {file.firstName} <small>{file.class}</small>
      </h1>
      <article class="panel child" id={`child-${file.id}`} data-live>
        <p class="balance">
          <span>{t.me.balance}</span>
          <strong class="large">{voice.money(file.balanceCents)}</strong>
        </p>
        <h2>{t.me.taken}</h2>
        {taken.length === 0 && <p class="empty">{t.me.none}</p>}
        {taken.length > 0 && <Taken movements={taken} now={now} voice={voice} />}
      </article>
      <p>
        <a href="/my-data">{t.me.file}</a>
      </p>
    </>,
    { live: true },
  );
}

type TakenProps = { movements: Movement[]; now: number; voice: Voice };

/** What the school pays of it looks like everything else. */
function Taken({ movements, now, voice }: TakenProps) {
  const { t } = voice;
  return (
    <table class="rows movements">
      <thead>
        <tr>
          <th scope="col">{t.movement.date}</th>
          <th scope="col">{t.movement.what}</th>
        </tr>
      </thead>
      <tbody>
        {movements.map((movement) => (
          <tr id={idOf(movement)}>
            <td class="when">
              <When at={movement.at} now={now} voice={voice} />
            </td>
            <td class="what">
              {movement.kind === "purchase" ? "" : `${t.movement[movement.kind]} : `}
              {summaryOf({ ...movement, note: "" }, t)}
              <small>{movement.place ?? t.movement.office}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
