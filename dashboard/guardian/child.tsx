// All movements of one child, for its guardians alone: to anybody else the page does not exist.

import { Movements, OlderLink } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { beforeIn, numberIn } from "../path.ts";
import { ReservedAt } from "../reserved.tsx";
import { Balance } from "./children.tsx";

const MOVEMENTS_SHOWN = 50;

export async function child(c: PageContext) {
  const { voice, now, person, reads } = c.var;
  const found = person && (await reads.child(person.id, numberIn(c.req.param("id"))));
  if (!person || !found) return c.notFound();
  const before = beforeIn(c);
  const { movements, older } = await reads.movementsFor(person.id, found, before, MOVEMENTS_SHOWN);
  const reserved = await reads.reserved(found.id);
  const name = `${found.firstName} ${found.lastName}`;
  return page(
    c,
    name,
    <>
      <h1>
        {name} <small>{found.class}</small>
      </h1>
      <Balance child={found} voice={voice} />
      <p>
        <a href={`/children/${found.id}/cards`}>{voice.t.cards.lostLink}</a>
      </p>
      <section class="panel">
        <h2>{voice.t.student.movements}</h2>
        <Movements movements={movements} now={now} voice={voice} />
        {older && <OlderLink movements={movements} voice={voice} />}
      </section>
      {reserved.length > 0 && (
        <ReservedAt wallet={found} reserved={reserved} now={now} voice={voice} />
      )}
    </>,
  );
}
