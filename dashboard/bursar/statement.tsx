// The statement of one account for a closed month, as it was frozen: to be printed and kept.

import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { toHex } from "#protocol/bytes.ts";
import { accountName, monthIn } from "./accounts.tsx";

export async function statement(c: PageContext) {
  const { voice, reads } = c.var;
  const { t } = voice;
  const id = numberIn(c.req.param("id"));
  const month = numberIn(c.req.param("month"));
  const period = (await reads.periods(id)).find((one) => one.month === month);
  const found = period?.statements.find((one) => one.account === id);
  const file = await reads.account(id, { date: "", order: "booked" }, 0, 1);
  if (!period || !found || !file) return c.notFound();
  const title = t.accounts.statement(found.no, monthIn(month));
  return page(
    c,
    title,
    <section class="panel narrow">
      <h1>{title}</h1>
      <p>{accountName(file.account, t)}</p>
      <dl class="facts">
        <dt>{t.accounts.opening}</dt>
        <dd>{voice.money(found.opening)}</dd>
        <dt>{t.movement.debit}</dt>
        <dd>{voice.money(found.debits)}</dd>
        <dt>{t.movement.credit}</dt>
        <dd>{voice.money(found.credits)}</dd>
        <dt>{t.accounts.closing}</dt>
        <dd>{voice.money(found.closing)}</dd>
        <dt>{t.periods.closedAt}</dt>
        <dd>{voice.moment(period.closedAt)}</dd>
        <dt>{t.movement.block}</dt>
        <dd>{period.block}</dd>
        <dt>{t.periods.hash}</dt>
        <dd>
          <code>{toHex(period.hash)}</code>
        </dd>
      </dl>
      <p>{t.accounts.statementWhy}</p>
    </section>,
  );
}
