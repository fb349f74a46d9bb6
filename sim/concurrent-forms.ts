// What sim/concurrent.test.ts posts: the forms of a busy day, as a bursar's browser sends them.

export const FIRST_TERMINAL = 101;
export const LOST = 3;
export const STUDENTS = 200;
export const TOP_UPS = 500;
export const GIFTS = 300;
export const REVERSALS = 60;
export const ASSIGNMENTS = 60;
const EARLY_ORDERS = 40;
const TAKINGS = 300;
const REFUNDS = 200;
const ORDERS = 200;
const CLOSINGS = 20;
const EPOCH = 2 ** 32;
const DAY_MS = 86_400_000;

export type Form = { id: string; path: string; fields: { [name: string]: string } };

const student = (i: number): number => 1 + ((i * 7) % STUDENTS);

export function moneyForms(): Form[] {
  const topUps = walletForms("in", TOP_UPS, { means: "cash", amount: "3,00", note: "" });
  const gifts = walletForms("gift", GIFTS, { means: "goodwill", amount: "0,50", note: "panne" });
  const takings = walletForms("out", TAKINGS, {
    means: "correction",
    amount: "-2,00",
    note: "erreur",
  });
  const refunds = walletForms("back", REFUNDS, { means: "refund", amount: "1,50", note: "départ" });
  const again = [...topUps, ...refunds].filter((_, i) => i % 2);
  return [...topUps, ...gifts, ...takings, ...refunds, ...again];
}

function walletForms(name: string, count: number, fields: Form["fields"]): Form[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${name}/${i}`,
    path: `/students/${student(i)}/top-up`,
    fields,
  }));
}

function orderForm(id: string, i: number): Form {
  const day = new Date(Date.now() + (1 + (i % 5)) * DAY_MS).toISOString().slice(0, 10);
  const path = `/students/${student(i)}/orders`;
  return { id, path, fields: { day, product: "1/1/100", quantity: "1" } };
}

/** Placed before all others come, to be cancelled among them; some wallets cannot pay. */
export function earlyOrders(): Form[] {
  return Array.from({ length: EARLY_ORDERS }, (_, i) => orderForm(`early/${i}`, i));
}

export function orderForms(): Form[] {
  const forms = Array.from({ length: ORDERS }, (_, i) => orderForm(`order/${i}`, i));
  return [...forms, ...forms.filter((_, i) => i % 2)];
}

/** Two for each order, of which one may be done. */
export function cancelForms(orders: { id: number; student: number }[]): Form[] {
  return twice(orders).map((order, i) => ({
    id: `cancel/${i}`,
    path: `/students/${order.student}/orders/${order.id}/cancel`,
    fields: {},
  }));
}

const twice = <T>(list: T[]): T[] => [...list, ...list];

/** Two orders for each movement, of which one at most may be done. */
export function correctionForms(names: { id: number; name: string }[]): Form[] {
  const sold = `/movements/${FIRST_TERMINAL}/`;
  const lost = `/movements/${FIRST_TERMINAL + 1}/`;
  const reversals = Array.from({ length: REVERSALS }, (_, i) => sold + (EPOCH + 2 + i));
  const assignments = Array.from({ length: ASSIGNMENTS }, (_, i) => lost + (EPOCH + 2 + i));
  return [
    ...twice(reversals).map((path, i) => ({
      id: `undo/${i}`,
      path: `${path}/reverse`,
      fields: { reason: "froid" },
    })),
    ...twice(assignments).map((path, i) => ({
      id: `assign/${i}`,
      path: `${path}/assign`,
      fields: { line: "0", reason: "carte", student: names[(i * 3) % names.length]?.name ?? "" },
    })),
  ];
}

export function finalForms(terminals: number): Form[] {
  return [
    ...Array.from({ length: CLOSINGS }, (_, i) => ({
      id: `close/${i % 10}`,
      path: "/periods",
      fields: { month: i % 2 ? "202610" : "202609" },
    })),
    ...Array.from({ length: LOST * 2 }, (_, i) => ({
      id: `lost/${i}`,
      path: `/terminals/${FIRST_TERMINAL + terminals - 1 - (i % LOST)}/epochs/1/write-off`,
      fields: {},
    })),
  ];
}

export function shuffle<T>(list: T[]): T[] {
  return list
    .map((item, i) => ({ item, rank: (i * 7919) % 10_007 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
