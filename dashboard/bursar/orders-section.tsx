// What a student has ordered; for those who may order, each with its cancel button, and the form that orders more.

import { randomUUID } from "node:crypto";
import type { Offered, Ordered, Orders } from "#edge/reads/orders.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";

const DAY_SECONDS = 86_400;
const QUANTITY_MAX = 99;

type SectionProps = {
  student: number;
  orders: Orders;
  /** Whether the reader may order and cancel. */
  isOpen: boolean;
  problem: string;
  voice: Voice;
};

export function OrdersSection({ student, orders, isOpen, problem, voice }: SectionProps) {
  const { t } = voice;
  const { today, ordered, offered } = orders;
  return (
    <section class="panel" id="orders">
      <h2>{t.orders.title}</h2>
      <Problem words={problem} />
      {ordered.length === 0 && <p class="empty">{t.orders.none}</p>}
      <ul class="plain">
        {ordered.map((one) => (
          <OrderItem student={student} of={one} isOpen={isOpen} voice={voice} />
        ))}
      </ul>
      {isOpen && offered.length > 0 && (
        <form class="fields" method="post" action={`/students/${student}/orders`}>
          <input type="hidden" name="id" value={randomUUID()} />
          <label>
            {t.orders.day}
            <input type="date" name="day" value={dayText(today)} min={dayText(today)} required />
          </label>
          <label>
            {t.orders.product}
            <select name="product">
              {offered.map((one) => (
                <option value={valueOf(one)}>
                  {one.name}, {voice.money(one.cents)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t.orders.quantity}
            <input type="number" name="quantity" value="1" min="1" max={QUANTITY_MAX} required />
          </label>
          <button>{t.orders.submit}</button>
        </form>
      )}
    </section>
  );
}

type ItemProps = { student: number; of: Ordered; isOpen: boolean; voice: Voice };

function OrderItem({ student, of, isOpen, voice }: ItemProps) {
  const { t } = voice;
  const isUnpaid = of.state === "ordered" && of.cents === 0;
  return (
    <li>
      <span>{voice.date(of.day * DAY_SECONDS + DAY_SECONDS / 2)}</span> {of.items}{" "}
      <span class="figure">{voice.money(of.cents)}</span>{" "}
      <small>{isUnpaid ? t.orders.unpaid : t.orders.state[of.state]}</small>{" "}
      {isOpen && of.state === "ordered" && (
        <form method="post" action={`/students/${student}/orders/${of.order}/cancel`}>
          <input type="hidden" name="id" value={randomUUID()} />
          <button class="quiet">{t.orders.cancel}</button>
        </form>
      )}
    </li>
  );
}

const dayText = (day: number): string =>
  new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);

const valueOf = ({ product, revision, cents }: Offered): string =>
  `${product}/${revision}/${cents}`;
