// What stands behind a figure: the lines, the postings, and the signed token or the command. Bursar and auditor may open
// every movement, the secretary those of students, a guardian those of a child; to anybody else it does not exist.

import type { Booking } from "#edge/postings.ts";
import type { HOUSE_ACCOUNTS } from "#edge/ledger/ledger.ts";
import type { AccountName, Evidence, Posting } from "#edge/reads/evidence.ts";
import type { Item } from "#edge/reads/products.ts";
import type { Source } from "#edge/reads/source.ts";
import type { CorrectionForm } from "./bursar/correct-form.tsx";
import { CorrectedBy, Corrections, emptyCorrection } from "./bursar/correct-form.tsx";
import { LedgerCommand, SignedToken } from "./evidence.tsx";
import { mayBook } from "./may.ts";
import { mayRead } from "./movement-access.ts";
import type { PageContext } from "./page.tsx";
import { page } from "./page.tsx";
import { numberIn } from "./path.ts";
import { ReceiptCheck } from "./receipt.tsx";
import type { Texts } from "./texts/fr.ts";
import type { Voice } from "./voice.ts";

export function sourceIn(c: PageContext): Source {
  return { source: numberIn(c.req.param("source")), counter: numberIn(c.req.param("counter")) };
}

export async function movement(c: PageContext) {
  const evidence = await c.var.reads.evidence(sourceIn(c));
  if (!evidence || !(await mayRead(c, evidence))) return c.notFound();
  return movementPage(c, evidence, emptyCorrection());
}

/** Also answers a refused correction: the form comes back as it was sent, with the problem in words. */
export function movementPage(c: PageContext, evidence: Evidence, form: CorrectionForm) {
  const { voice } = c.var;
  const { t } = voice;
  const { token, command, postings } = evidence;
  const isStaff = c.var.person?.role !== "guardian";
  return page(
    c,
    t.movement[evidence.kind],
    <>
      <h1>{t.movement[evidence.kind]}</h1>
      <CorrectedBy postings={postings} t={t} />
      {token && <p class="lead">{outcomeIn(token.outcome, t)}</p>}
      {token && token.items.length > 0 && <Items items={token.items} voice={voice} />}
      {postings.length > 0 && <Postings postings={postings} isStaff={isStaff} voice={voice} />}
      {token && <SignedToken token={token} voice={voice} />}
      {command && <LedgerCommand command={command} voice={voice} />}
      <ReceiptCheck evidence={evidence} of={sourceIn(c)} voice={voice} />
      {mayBook(c.var.person) && (
        <Corrections of={sourceIn(c)} postings={postings} form={form} t={t} />
      )}
    </>,
    { status: form.problem ? 422 : 200, scripts: ["/receipt.js"] },
  );
}

function outcomeIn(outcome: string, t: Texts): string {
  const words: Record<Booking, string> = t.movement.outcomes;
  return Object.entries(words).find(([known]) => known === outcome)?.[1] ?? outcome;
}

function Items({ items, voice }: { items: Item[]; voice: Voice }) {
  const { t } = voice;
  const totalCents = items.reduce((sum, item) => sum + item.quantity * item.unitCents, 0);
  return (
    <section class="panel">
      <h2>{t.movement.lines}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.movement.product}</th>
            <th scope="col" class="figure">
              {t.movement.quantity}
            </th>
            <th scope="col" class="figure after">
              {t.movement.unit}
            </th>
            <th scope="col" class="figure">
              {t.movement.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr>
              <td>{item.name ?? t.movement.unknownProduct(item.product)}</td>
              <td class="figure">{item.quantity}</td>
              <td class="figure after">{voice.money(item.unitCents)}</td>
              <td class="figure">{voice.money(item.quantity * item.unitCents)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.movement.total}</th>
            <td></td>
            <td class="after"></td>
            <td class="figure">{voice.money(totalCents)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

type PostingsProps = { postings: Posting[]; isStaff: boolean; voice: Voice };

function Postings({ postings, isStaff, voice }: PostingsProps) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.movement.postings}</h2>
      <p>{t.movement.postingsWhy}</p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.movement.debit}</th>
            <th scope="col">{t.movement.credit}</th>
            <th scope="col" class="figure">
              {t.movement.amount}
            </th>
            <th scope="col" class="figure after">
              {t.movement.seq}
            </th>
            <th scope="col" class="figure after">
              {t.movement.block}
            </th>
          </tr>
        </thead>
        <tbody>
          {postings.map((posting) => (
            <tr>
              <td>
                <Account name={posting.debit} isStaff={isStaff} t={t} />
              </td>
              <td>
                <Account name={posting.credit} isStaff={isStaff} t={t} />
              </td>
              <td class="figure">{voice.money(posting.cents)}</td>
              <td class="figure after">{posting.seq}</td>
              <td class="figure after">{posting.block}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Account({ name, isStaff, t }: { name: AccountName; isStaff: boolean; t: Texts }) {
  const { student } = name;
  const path = isStaff ? `/students/${student}` : `/children/${student}`;
  return (
    <>
      {t.account[name.kind]}
      <small>{student === null ? refIn(name, t) : <a href={path}>{name.name}</a>}</small>
    </>
  );
}

/** The school's own accounts have words; a category of sales is a word of the school already. */
export function refIn(name: AccountName, t: Texts): string {
  const words: Record<(typeof HOUSE_ACCOUNTS)[number][1], string> = t.account.house;
  const word = Object.entries(words).find(([ref]) => ref === name.ref)?.[1];
  return name.kind === "sales" ? name.ref : (word ?? name.ref);
}
