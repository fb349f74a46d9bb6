// What the kitchen makes today and next: by product and class, to be printed. The one page of staff, beside a student's
// file, that shows allergens.

import type { Dish, Guest, KitchenDay } from "#edge/reads/kitchen.ts";
import { allergensIn } from "../allergens.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";

/** A day of the calendar, seen from its noon: the date is then the same in Brussels. */
const NOON_SECONDS = 43_200;
const DAY_SECONDS = 86_400;

export async function kitchenList(c: PageContext) {
  const { voice, reads, now } = c.var;
  const { t } = voice;
  const today = reads.schoolDay(now);
  const days = await reads.kitchen(today);
  return page(
    c,
    t.kitchen.title,
    <>
      <h1>{t.kitchen.title}</h1>
      {days.map((one) => (
        <Day of={one} isToday={one.day === today} voice={voice} />
      ))}
    </>,
  );
}

function Day({ of, isToday, voice }: { of: KitchenDay; isToday: boolean; voice: Voice }) {
  const { t } = voice;
  const date = voice.date(of.day * DAY_SECONDS + NOON_SECONDS);
  return (
    <section class="panel">
      <h2>{isToday ? t.kitchen.today(date) : t.kitchen.next(date)}</h2>
      {of.dishes.length === 0 && <p class="empty">{t.kitchen.none}</p>}
      {of.dishes.length > 0 && <Dishes dishes={of.dishes} t={t} />}
      {of.guests.length > 0 && <Guests guests={of.guests} t={t} />}
    </section>
  );
}

function Dishes({ dishes, t }: { dishes: Dish[]; t: Voice["t"] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t.kitchen.product}</th>
          <th scope="col">{t.kitchen.classes}</th>
          <th scope="col" class="figure">
            {t.kitchen.quantity}
          </th>
        </tr>
      </thead>
      <tbody>
        {dishes.map((dish) => (
          <tr>
            <th scope="row">
              {dish.name}
              {dish.allergens > 0 && (
                <small>{t.kitchen.holds(allergensIn(dish.allergens, t))}</small>
              )}
            </th>
            <td>{dish.classes.map((one) => `${one.name}: ${one.quantity}`).join(" · ")}</td>
            <td class="figure">{dish.quantity}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Guests({ guests, t }: { guests: Guest[]; t: Voice["t"] }) {
  return (
    <>
      <h3>{t.kitchen.guests}</h3>
      <p>{t.kitchen.guestsWhy}</p>
      <table class="rows stacked">
        <thead>
          <tr>
            <th scope="col">{t.students.name}</th>
            <th scope="col">{t.kitchen.mustNot}</th>
            <th scope="col">{t.kitchen.clashes}</th>
          </tr>
        </thead>
        <tbody>
          {guests.map((guest) => (
            <tr>
              <th scope="row">
                {guest.name} <small>{guest.class}</small>
              </th>
              <td data-label={t.kitchen.mustNot}>{allergensIn(guest.allergens, t)}</td>
              <td data-label={t.kitchen.clashes}>
                <strong>{guest.clashes.join(", ") || t.kitchen.nothing}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
