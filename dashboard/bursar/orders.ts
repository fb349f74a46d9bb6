// The office orders for a student, and cancels. The form says which price the page showed, so that nobody pays another; it
// carries the id of its command, so that a double click is the same order.

import type { CommandRefusal } from "#edge/ledger/commands.ts";
import type { Order } from "#edge/ledger/commands/command.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { emptyTopUp, studentPage } from "./student.tsx";
import { refusalIn } from "./top-up.ts";

const DAY_MS = 86_400_000;

export async function placeOrder(c: PageContext) {
  const field = await readFields(c);
  const [product, revision, unitCents] = field("product").split("/").map(numberIn);
  const day = dayIn(field("day"));
  const quantity = numberIn(field("quantity"));
  const line = { product: product ?? -1, revision: revision ?? -1, quantity };
  const lines = [{ ...line, unitCents: unitCents ?? -1 }];
  const student = numberIn(c.req.param("id"));
  return demand(c, field("id").trim(), { kind: "preOrder", student, day, lines });
}

export async function cancelOrder(c: PageContext) {
  const field = await readFields(c);
  const order = numberIn(c.req.param("order"));
  const student = numberIn(c.req.param("id"));
  return demand(c, field("id").trim(), { kind: "cancelPreOrder", order, student });
}

/** "2026-11-24" as days since 1970; 0 when it is no day. */
function dayIn(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? 0 : ms / DAY_MS;
}

async function demand(c: PageContext, id: string, what: Order & { student: number }) {
  const { voice, person, now, desk, reads } = c.var;
  const file = await reads.student(what.student);
  if (!file || !person) return c.notFound();
  if (what.kind === "preOrder" && what.day < reads.schoolDay(now))
    return studentPage(c, file, emptyTopUp(), undefined, voice.t.orders.badDay);
  const result = await desk.command({ id, author: person.username, at: now, ...what });
  if (result.ok) return c.redirect(`/students/${file.id}#orders`, 303);
  return studentPage(c, file, emptyTopUp(), undefined, problemOf(result.reason, voice));
}

function problemOf(reason: CommandRefusal, voice: Voice): string {
  const { t } = voice;
  if (reason === "price-changed") return t.orders.priceChanged;
  if (reason === "bad-day") return t.orders.badDay;
  if (reason === "bad-lines") return t.orders.badQuantity;
  if (reason === "collected" || reason === "cancelled") return t.orders.over;
  if (reason === "unknown-order") return t.orders.unknown;
  return refusalIn(reason, voice);
}
