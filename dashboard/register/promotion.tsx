// A new year: which class becomes which, then what that means for each student, then the order. Three steps of one form,
// so that nothing is remembered between them.

import type { Promotion, PromotionPlan } from "#edge/people/register/promotion.ts";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Texts } from "../texts/fr.ts";
import type { Sent } from "./sent.ts";
import { readSent, wordsOf } from "./sent.ts";

/** What one types for a class that leaves the school. */
const LEAVES = "-";

export function promotion(c: PageContext) {
  return choicePage(c, "");
}

export async function promote(c: PageContext) {
  const { desk, reads, person, now, voice } = c.var;
  const { t } = voice;
  if (!person) return c.notFound();
  const sent = await readSent(c);
  const asked = promotionIn(sent);
  const plan = sent.field("plan");
  let problem = "";
  if (plan) {
    const result = await desk.act({ by: person.id, at: now, kind: "promote", plan, ...asked });
    if (result.ok) return c.redirect("/register?promoted=1", 303);
    problem = wordsOf(t.promotion.refused, result.reason);
  }
  const shown = await reads.promotion(asked);
  if (!shown.ok) return choicePage(c, t.promotion.refused[shown.reason]);
  if (!shown.plan.moved.length) return choicePage(c, t.promotion.refused.nobody);
  return previewPage(c, asked, shown, problem);
}

/** from and to stand side by side, one of each for every class. */
function promotionIn(sent: Sent): Promotion {
  const targets = sent.all("to");
  const moves = sent
    .all("from")
    .map((from, index) => ({ from, to: (targets[index] ?? "").trim() }))
    .filter(({ to }) => to !== "")
    .map(({ from, to }) => ({ from, to: to === LEAVES ? "" : to }));
  return { moves, stayers: sent.all("stays").map(numberIn) };
}

async function choicePage(c: PageContext, problem: string) {
  const { voice, reads, now } = c.var;
  const { t } = voice;
  const asked = { search: "", group: "", hasLeft: false };
  const { classes, found } = await reads.register(asked, reads.schoolDay(now));
  const counts = Map.groupBy(found, (one) => one.class);
  return page(
    c,
    t.promotion.title,
    <>
      <h1>{t.promotion.title}</h1>
      <p>{t.promotion.why}</p>
      <section class="panel">
        <Problem words={problem} />
        <p>{t.promotion.hint}</p>
        <form method="post" action="/register/promotion">
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">{t.promotion.from}</th>
                <th scope="col" class="figure">
                  {t.promotion.count}
                </th>
                <th scope="col">{t.promotion.to}</th>
              </tr>
            </thead>
            <tbody>
              {classes.map((one) => (
                <tr>
                  <th scope="row">{one}</th>
                  <td class="figure">{counts.get(one)?.length ?? 0}</td>
                  <td>
                    <input type="hidden" name="from" value={one} />
                    <input name="to" value={nextOf(one)} aria-label={`${t.promotion.to} ${one}`} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <button>{t.promotion.show}</button>
        </form>
      </section>
    </>,
    { status: problem ? 422 : 200 },
  );
}

/** 3A becomes 4A, and the sixth is the last year. */
function nextOf(name: string): string {
  const [, year, rest] = /^([1-6])(.*)$/.exec(name) ?? [];
  if (!year) return "";
  return year === "6" ? LEAVES : `${Number(year) + 1}${rest ?? ""}`;
}

function previewPage(
  c: PageContext,
  asked: Promotion,
  { plan, fingerprint }: { plan: PromotionPlan; fingerprint: string },
  problem: string,
) {
  const { t } = c.var.voice;
  const classes = Map.groupBy(plan.moved, (one) => one.class);
  return page(
    c,
    t.promotion.title,
    <>
      <h1>{t.promotion.preview(plan.year, plan.year + 1)}</h1>
      <Problem words={problem} />
      <form method="post" action="/register/promotion">
        <input type="hidden" name="plan" value={fingerprint} />
        {asked.moves.map(({ from, to }) => (
          <>
            <input type="hidden" name="from" value={from} />
            <input type="hidden" name="to" value={to || LEAVES} />
          </>
        ))}
        {asked.moves.map(({ from, to }) => (
          <Class from={from} to={to} pupils={classes.get(from) ?? []} t={t} />
        ))}
        <button>{t.promotion.confirm}</button>
      </form>
      <p>
        <a href="/register/promotion">{t.promotion.cancel}</a>
      </p>
    </>,
    { status: problem ? 422 : 200 },
  );
}

type ClassProps = { from: string; to: string; pupils: PromotionPlan["moved"]; t: Texts };

function Class({ from, to, pupils, t }: ClassProps) {
  return (
    <fieldset class="panel">
      <legend>
        {from} → {to || t.promotion.leaves} ({pupils.length})
      </legend>
      <p>{t.promotion.stays}</p>
      {pupils.map(({ id, firstName, lastName, stays }) => (
        <label class="choice">
          <input type="checkbox" name="stays" value={String(id)} checked={stays} />
          {lastName} {firstName}
        </label>
      ))}
    </fieldset>
  );
}
