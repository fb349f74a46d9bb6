// Months: the closed ones with the head that was frozen, and the form that closes the next one once it
// is over. Terminals that may still hold sales of it are ticked one by one.

import { randomUUID } from "node:crypto";
import type { Closable, Period } from "#edge/reads/periods.ts";
import { toHex } from "#protocol/bytes.ts";
import { Problem } from "../problem.tsx";
import { readFields } from "../form.ts";
import { mayBook } from "../may.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { monthIn } from "./accounts.tsx";

export function periods(c: PageContext) {
  return periodsPage(c, "");
}

export async function closePeriod(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  if (!person) return c.notFound();
  const field = await readFields(c);
  const { gaps } = await c.var.reads.closable(now);
  const acknowledged = gaps.map((gap) => gap.terminal).filter((one) => field(`gap-${one}`) !== "");
  const month = numberIn(field("month"));
  const id = field("id").trim();
  const result = await desk.closePeriod({
    id,
    author: person.username,
    at: now,
    month,
    acknowledged,
  });
  return result.ok ? c.redirect("/periods", 303) : periodsPage(c, voice.t.periods.refused);
}

async function periodsPage(c: PageContext, problem: string) {
  const { voice, now, reads } = c.var;
  const { t } = voice;
  const [closed, next] = await Promise.all([reads.periods(0), reads.closable(now)]);
  return page(
    c,
    t.periods.title,
    <>
      <h1>{t.periods.title}</h1>
      <Problem words={problem} />
      <section class="panel">
        <p>{t.periods.why}</p>
        {next.isOver && mayBook(c.var.person) && <CloseForm next={next} now={now} voice={voice} />}
        {!next.isOver && <p>{t.periods.notOver(monthIn(next.month))}</p>}
      </section>
      {closed.length === 0 && <p class="empty">{t.periods.none}</p>}
      {closed.map((period) => (
        <Closed period={period} voice={voice} />
      ))}
    </>,
    { status: problem ? 422 : 200 },
  );
}

function CloseForm({ next, now, voice }: { next: Closable; now: number; voice: Voice }) {
  const { t } = voice;
  return (
    <form class="fields" method="post" action="/periods">
      <input type="hidden" name="id" value={randomUUID()} />
      <input type="hidden" name="month" value={next.month} />
      {next.gaps.length > 0 && <p>{t.periods.gaps}</p>}
      {next.gaps.map(({ terminal, name, unsent, lastSeen }) => (
        <label class="choice">
          <input type="checkbox" name={`gap-${terminal}`} value="1" /> {t.periods.gap(name, unsent)}{" "}
          {voice.ago(lastSeen, now)}
        </label>
      ))}
      <button>{t.periods.close(monthIn(next.month))}</button>
    </form>
  );
}

function Closed({ period, voice }: { period: Period; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{monthIn(period.month)}</h2>
      <dl class="facts">
        <dt>{t.periods.closedAt}</dt>
        <dd>{voice.moment(period.closedAt)}</dd>
        <dt>{t.movement.block}</dt>
        <dd>{period.block}</dd>
        <dt>{t.periods.hash}</dt>
        <dd>
          <code>{toHex(period.hash)}</code>
        </dd>
      </dl>
      <details>
        <summary>{t.periods.statements}</summary>
        <ul class="plain">
          {period.statements.map(({ no, account, month, closing }) => (
            <li>
              <a href={`/accounts/${account}/statements/${month}`}>
                {t.accounts.statement(no, monthIn(month))}
              </a>{" "}
              {voice.money(closing)}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
