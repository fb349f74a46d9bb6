// The chart of accounts at the end of any day, and the lines of one account: each figure is the sum of
// what it links to, down to the movement and its evidence.

import type { AccountBalance, Until } from "#edge/reads/accounts.ts";
import type { AccountName } from "#edge/reads/evidence.ts";
import { mayBook } from "../may.ts";
import { refIn } from "../movement.tsx";
import { When, pathOf } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { beforeIn, numberIn } from "../path.ts";
import { CoverLossSection } from "./cover-loss-section.tsx";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";

const LINES_SHOWN = 100;

export async function accounts(c: PageContext) {
  const { voice } = c.var;
  const { t } = voice;
  const until = untilIn(c);
  const all = await c.var.reads.accounts(until);
  const wallets = all.filter((one) => one.kind === "wallet");
  const others = all.filter((one) => one.kind !== "wallet");
  return page(
    c,
    t.accounts.title,
    <>
      <h1>{t.accounts.title}</h1>
      <UntilForm until={until} t={t} />
      <section class="panel">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">{t.accounts.account}</th>
              <th scope="col" class="figure">
                {t.accounts.balance}
              </th>
            </tr>
          </thead>
          <tbody>
            {others.map((one) => (
              <AccountRow account={one} until={until} voice={voice} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t.accounts.wallets(wallets.length)}</th>
              <td class="figure">{voice.money(sumOf(wallets))}</td>
            </tr>
            <tr>
              <th scope="row">{t.accounts.sum}</th>
              <td class="figure">{voice.money(sumOf(all))}</td>
            </tr>
          </tfoot>
        </table>
        <p>{t.accounts.sumWhy}</p>
      </section>
      <section class="panel">
        <h2>{t.accounts.wallets(wallets.length)}</h2>
        <table class="rows">
          <tbody>
            {wallets.map((one) => (
              <AccountRow account={one} until={until} voice={voice} />
            ))}
          </tbody>
        </table>
      </section>
    </>,
  );
}

const sumOf = (all: AccountBalance[]): number =>
  all.reduce((sum, one) => sum + one.balanceCents, 0);

type RowProps = { account: AccountBalance; until: Until; voice: Voice };

function AccountRow({ account, until, voice }: RowProps) {
  return (
    <tr>
      <td>{accountName(account, voice.t)}</td>
      <td class="figure">
        <a href={`/accounts/${account.id}?${queryOf(until)}`}>
          {voice.money(account.balanceCents)}
        </a>
      </td>
    </tr>
  );
}

/** problem: of the form on it, in words. */
export async function accountLines(c: PageContext, problem = "") {
  const { voice, now } = c.var;
  const { t } = voice;
  const id = numberIn(c.req.param("id"));
  const until = untilIn(c);
  const found = await c.var.reads.account(id, until, beforeIn(c), LINES_SHOWN);
  if (!found) return c.notFound();
  const { account, balanceCents, lines, older } = found;
  const closed = await c.var.reads.periods(id);
  return page(
    c,
    accountName(account, t),
    <>
      <h1>{accountName(account, t)}</h1>
      <p class="lead">
        {t.accounts.closing} <strong>{voice.money(balanceCents)}</strong>
      </p>
      <UntilForm until={until} t={t} />
      <ul class="plain">
        {closed.flatMap(({ statements }) =>
          statements.map(({ no, month }) => (
            <li>
              <a href={`/accounts/${id}/statements/${month}`}>
                {t.accounts.statement(no, monthIn(month))}
              </a>
            </li>
          )),
        )}
      </ul>
      <section class="panel">
        {lines.length === 0 && <p class="empty">{t.movement.none}</p>}
        <table class="rows">
          <tbody>
            {lines.map((line) => (
              <tr>
                <td class="when">
                  <When at={line.at} now={now} voice={voice} />
                </td>
                <td>
                  <a href={pathOf(line)}>{accountName(line.other, t)}</a>
                </td>
                <td class="figure">{voice.change(line.cents)}</td>
                <td class="figure after">{voice.money(line.balanceCents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {older && (
          <p class="more">
            <a href={`?${queryOf(until)}&before=${lines.at(-1)?.seq ?? 0}`}>{t.student.older}</a>
          </p>
        )}
      </section>
      {mayBook(c.var.person) && (
        <CoverLossSection
          id={id}
          account={account}
          balanceCents={balanceCents}
          problem={problem}
          voice={voice}
        />
      )}
    </>,
    { status: problem ? 422 : 200 },
  );
}

function untilIn(c: PageContext): Until {
  const date = /^\d{4}-\d\d-\d\d$/.exec(c.req.query("until") ?? "")?.[0] ?? "";
  return { date, order: c.req.query("order") === "happened" ? "happened" : "booked" };
}

const queryOf = ({ date, order }: Until): string => `until=${date}&order=${order}`;

/** "10/2026" */
export function monthIn(month: number): string {
  return `${String(month % 100).padStart(2, "0")}/${Math.floor(month / 100)}`;
}

export function accountName(name: AccountName, t: Texts): string {
  return `${t.account[name.kind]} ${name.student === null ? refIn(name, t) : name.name}`;
}

function UntilForm({ until, t }: { until: Until; t: Texts }) {
  return (
    <form class="fields search" method="get">
      <label>
        {t.accounts.until}
        <input type="date" name="until" value={until.date} />
      </label>
      <label>
        {t.accounts.order}
        <select name="order">
          <option value="booked" selected={until.order === "booked"}>
            {t.accounts.booked}
          </option>
          <option value="happened" selected={until.order === "happened"}>
            {t.accounts.happened}
          </option>
        </select>
      </label>
      <button>{t.accounts.show}</button>
    </form>
  );
}
