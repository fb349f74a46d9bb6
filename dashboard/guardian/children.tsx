// A guardian's first page: each child's balance and latest movements.

import type { Movement } from "#edge/reads/movements.ts";
import type { Student } from "#edge/reads/students.ts";
import { Movements } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";

const LATEST_SHOWN = 5;

export async function children(c: PageContext) {
  const { voice, now, person, reads } = c.var;
  const { t } = voice;
  const mine = person ? await reads.children(person.id) : [];
  const latest = await Promise.all(
    mine.map((child) => reads.movementsFor(person?.id ?? 0, child, 0, LATEST_SHOWN)),
  );
  return page(
    c,
    t.guardian.title,
    <>
      <h1>{t.guardian.title}</h1>
      {mine.length === 0 && <p class="empty">{t.guardian.none}</p>}
      {mine.map((child, index) => (
        <Child child={child} movements={latest[index]?.movements ?? []} now={now} voice={voice} />
      ))}
    </>,
    { live: true },
  );
}

type ChildProps = { child: Student; movements: Movement[]; now: number; voice: Voice };

function Child({ child, movements, now, voice }: ChildProps) {
  const { t } = voice;
  const path = `/children/${child.id}`;
  return (
    <article class="panel child" id={`child-${child.id}`} data-live>
      <h2>
        <a href={path}>
          {child.firstName} {child.lastName}
        </a>{" "}
        <small>{child.class}</small>
      </h2>
      <Balance child={child} voice={voice} />
      <h3>{t.guardian.latest}</h3>
      <Movements movements={movements} now={now} voice={voice} />
      {movements.length > 0 && (
        <p class="more">
          <a href={path}>{t.guardian.all(child.firstName)}</a>
        </p>
      )}
    </article>
  );
}

export function Balance({ child, voice }: { child: Student; voice: Voice }) {
  const { t } = voice;
  return (
    <p class="balance">
      <span>{t.guardian.balance}</span>
      <strong class="large">{voice.money(child.balanceCents)}</strong>
      {child.reservedCents > 0 && (
        <small>{t.guardian.reserved(voice.money(child.reservedCents))}</small>
      )}
    </p>
  );
}
