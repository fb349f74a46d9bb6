// The first page of who sells at a counter: the terminals as they are, and what was sold today under one's own badge, by
// product and without a name.

import type { Shift } from "#edge/reads/counter.ts";
import type { Terminal } from "#edge/reads/terminals.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";
import { dayStart } from "../voice.ts";

export async function counterHome(c: PageContext) {
  const { voice, reads, person, now } = c.var;
  const { t } = voice;
  if (!person) return c.notFound();
  const [{ terminals }, shift] = await Promise.all([
    reads.terminals(0),
    reads.shift(person.id, dayStart(now)),
  ]);
  return page(
    c,
    t.counter.title,
    <>
      <h1>{t.counter.title}</h1>
      <Terminals terminals={terminals} now={now} voice={voice} />
      <Sales shift={shift} voice={voice} />
    </>,
    { live: true },
  );
}

type TerminalsProps = { terminals: Terminal[]; now: number; voice: Voice };

function Terminals({ terminals, now, voice }: TerminalsProps) {
  const { t } = voice;
  return (
    <section class="panel" id="terminals" data-live>
      <h2>{t.counter.terminals}</h2>
      {terminals.length === 0 && <p class="empty">{t.terminals.none}</p>}
      <dl class="facts">
        {terminals.map((terminal) => (
          <>
            <dt>{terminal.name}</dt>
            <dd>
              {terminal.here ? t.terminals.here : t.terminals.away}{" "}
              <small>
                {terminal.lastSeen > 0 && voice.ago(terminal.lastSeen, now)}{" "}
                {terminal.unsent > 0 && t.counter.unsent(terminal.unsent)}
              </small>
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Sales({ shift, voice }: { shift: Shift; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel" id="sales" data-live>
      <h2>{t.counter.sales}</h2>
      {shift.purchases === 0 && <p class="empty">{t.counter.none}</p>}
      {shift.purchases > 0 && (
        <>
          <p class="lead">
            {t.counter.sum(voice.money(shift.cents), shift.purchases)}{" "}
            <small>{shift.terminals.join(", ")}</small>
          </p>
          {shift.undoneCents > 0 && <p>{t.counter.undone(voice.money(shift.undoneCents))}</p>}
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">{t.movement.product}</th>
                <th scope="col" class="figure">
                  {t.movement.quantity}
                </th>
                <th scope="col" class="figure">
                  {t.movement.amount}
                </th>
              </tr>
            </thead>
            <tbody>
              {shift.sold.map((one) => (
                <tr>
                  <th scope="row">{one.name ?? t.movement.unknownProduct(one.product)}</th>
                  <td class="figure">{one.quantity}</td>
                  <td class="figure">{voice.money(one.cents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
