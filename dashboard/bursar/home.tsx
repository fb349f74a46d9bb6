// The bursar's first page: the day in three figures, and the purchases as they arrive.

import type { Figures, Purchase } from "#edge/reads/purchases.ts";
import { When, idOf, listOf, pathOf } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";
import { dayStart } from "../voice.ts";

const PURCHASES_SHOWN = 40;

export async function bursarHome(c: PageContext) {
  const { voice, now } = c.var;
  const { t } = voice;
  const { figures, purchases } = await c.var.reads.day(dayStart(now), PURCHASES_SHOWN);
  return page(
    c,
    t.bursar.title,
    <>
      <h1>{t.bursar.title}</h1>
      <FiguresOfDay figures={figures} voice={voice} />
      <section class="panel">
        <header class="line">
          <h2>{t.bursar.purchases}</h2>
          <p class="live" hidden data-live-state="on">
            {t.bursar.live}
          </p>
          <p class="live off" hidden data-live-state="off">
            {t.bursar.offline}
          </p>
        </header>
        <Purchases purchases={purchases} now={now} voice={voice} />
      </section>
    </>,
    { live: true },
  );
}

function FiguresOfDay({ figures, voice }: { figures: Figures; voice: Voice }) {
  const { t } = voice;
  return (
    <dl class="figures" id="figures" data-live>
      <div>
        <dt>{t.bursar.salesToday}</dt>
        <dd class="large">
          <a href="/accounts">{voice.money(figures.salesTodayCents)}</a>
        </dd>
        <dd>{t.bursar.purchasesToday(figures.purchasesToday)}</dd>
      </div>
      <div>
        <dt>{t.bursar.balances}</dt>
        <dd class="large">
          <a href="/students">{voice.money(figures.walletsCents)}</a>
        </dd>
        <dd>{t.bursar.reserved(voice.money(figures.reservedCents))}</dd>
      </div>
      <div>
        <dt>{t.bursar.unsent}</dt>
        <dd class="large">{t.bursar.unsentEntries(figures.unsent)}</dd>
        <dd>
          <a href="/terminals">
            {t.bursar.terminalsHere(figures.terminalsHere, figures.terminals)}
          </a>
        </dd>
      </div>
    </dl>
  );
}

type PurchasesProps = { purchases: Purchase[]; now: number; voice: Voice };

function Purchases({ purchases, now, voice }: PurchasesProps) {
  const { t } = voice;
  return (
    <div id="purchases" data-live>
      {purchases.length === 0 && <p class="empty">{t.bursar.none}</p>}
      {purchases.length > 0 && (
        <table class="rows purchases">
          <thead>
            <tr>
              <th scope="col">{t.movement.date}</th>
              <th scope="col">{t.students.name}</th>
              <th scope="col">{t.movement.what}</th>
              <th scope="col" class="figure">
                {t.movement.amount}
              </th>
              <th scope="col" class="where">
                {t.movement.where}
              </th>
            </tr>
          </thead>
          <tbody data-live-rows>
            {purchases.map((purchase) => (
              <PurchaseRow purchase={purchase} now={now} voice={voice} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

type RowProps = { purchase: Purchase; now: number; voice: Voice };

function PurchaseRow({ purchase, now, voice }: RowProps) {
  const { t } = voice;
  const { student } = purchase;
  return (
    <tr id={idOf(purchase)}>
      <td class="when">
        <When at={purchase.at} now={now} voice={voice} />
      </td>
      <td class="who">
        {student ? (
          <a href={`/students/${student.id}`}>{student.name}</a>
        ) : (
          t.movement.unknownStudent
        )}
        {student && <small>{student.class}</small>}
      </td>
      <td class="what">
        <a href={pathOf(purchase)}>
          {purchase.kind === "void" ? t.movement.void : listOf(purchase.items, t)}
        </a>
      </td>
      <td class="figure">{voice.money(purchase.cents)}</td>
      <td class="where">{purchase.place}</td>
    </tr>
  );
}
