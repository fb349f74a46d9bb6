// What the kitchen makes on a day: how many of each product for each class, and who among those who ordered must not eat
// what. Names are read here for the allergens' sake alone; nobody else on the list has one.

import type { Client, Row } from "@libsql/client/web";
import { numberIn, textIn } from "#edge/ledger/row.ts";

/** allergens: bits in the order of Regulation (EU) 1169/2011, annex II. */
export type Dish = {
  product: number;
  name: string;
  allergens: number;
  quantity: number;
  classes: { name: string; quantity: number }[];
};
/** Somebody who ordered and has allergens. clashes: the names of dishes of theirs that hold one of them. */
export type Guest = { name: string; class: string; allergens: number; clashes: string[] };
export type KitchenDay = { day: number; dishes: Dish[]; guests: Guest[] };

export type OrderRow = {
  student: number;
  name: string;
  class: string;
  allergens: number;
  /** product and quantity */
  lines: [number, number][];
};
export type ProductRow = { product: number; name: string; allergens: number };

const DAYS = `select ?1 as day union select coalesce((select min(day) from pre_order
  where day > ?1 and state <> 'cancelled'), ?1 + 1) order by day`;
const ORDERED = `select s.id as student, s.first_name || ' ' || s.last_name as name, s.class,
    s.allergens, o.day, o.lines
  from pre_order o join student s on s.id = o.student
  where o.day in (select day from (${DAYS})) and o.state <> 'cancelled'
  order by s.class, s.last_name, s.first_name, o.id`;
const PRODUCTS = `select product, name, allergens from product_revision r
  where revision = (select max(revision) from product_revision where product = r.product)`;

/** today, in days since 1970, and the next day for which somebody has ordered. */
export async function readKitchen(client: Client, today: number): Promise<KitchenDay[]> {
  const [days, orders, products] = await client.batch(
    [{ sql: DAYS, args: [today] }, { sql: ORDERED, args: [today] }, PRODUCTS],
    "read",
  );
  const known = (products?.rows ?? []).map(productOf);
  return (days?.rows ?? []).map((row) => {
    const day = numberIn(row, "day");
    const ofDay = (orders?.rows ?? []).filter((order) => order["day"] === day);
    return { day, ...kitchenList(ofDay.map(orderOf), known) };
  });
}

/** Orders come sorted as the list is read: by class, then by name. */
export function kitchenList(orders: OrderRow[], products: ProductRow[]): Omit<KitchenDay, "day"> {
  const dishes = new Map<number, Dish>();
  const guests = new Map<number, Guest>();
  for (const order of orders)
    for (const [product, quantity] of order.lines) {
      const known = products.find((one) => one.product === product);
      const dish = dishes.get(product) ?? newDish(product, known);
      dishes.set(product, dish);
      addTo(dish, order.class, quantity);
      if (order.allergens) noteGuest(guests, order, dish);
    }
  return {
    dishes: [...dishes.values()].toSorted((a, b) => a.name.localeCompare(b.name, "fr-BE")),
    guests: [...guests.values()],
  };
}

function newDish(product: number, known: ProductRow | undefined): Dish {
  const { name, allergens } = known ?? { name: String(product), allergens: 0 };
  return { product, name, allergens, quantity: 0, classes: [] };
}

function addTo(dish: Dish, group: string, quantity: number): void {
  dish.quantity += quantity;
  const known = dish.classes.find((one) => one.name === group);
  if (known) known.quantity += quantity;
  else dish.classes.push({ name: group, quantity });
}

function noteGuest(guests: Map<number, Guest>, order: OrderRow, dish: Dish): void {
  const { student, name, class: group, allergens } = order;
  const guest = guests.get(student) ?? { name, class: group, allergens, clashes: [] };
  guests.set(student, guest);
  if (allergens & dish.allergens && !guest.clashes.includes(dish.name))
    guest.clashes.push(dish.name);
}

function orderOf(row: Row): OrderRow {
  return {
    student: numberIn(row, "student"),
    name: textIn(row, "name"),
    class: textIn(row, "class"),
    allergens: numberIn(row, "allergens"),
    lines: JSON.parse(textIn(row, "lines")) as [number, number][],
  };
}

function productOf(row: Row): ProductRow {
  return {
    product: numberIn(row, "product"),
    name: textIn(row, "name"),
    allergens: numberIn(row, "allergens"),
  };
}
