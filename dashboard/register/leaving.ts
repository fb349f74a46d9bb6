// A student leaves the school, comes back, or the family has said what becomes of the balance; posts only.

import type { Order } from "#edge/ledger/commands/command.ts";
import type { RegisterFile } from "#edge/reads/register.ts";
import { parseCents } from "../amount.ts";
import { refusalIn } from "../bursar/top-up.ts";
import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import { act, fileIn, pupilPage } from "./pupil.tsx";
import { readSent } from "./sent.ts";

export async function turnPupil(c: PageContext) {
  const sent = await readSent(c);
  const kind = sent.field("state") === "here" ? "comeBack" : "leave";
  const reason = sent.field("reason");
  const { t } = c.var.voice;
  return act(c, "leaving", t.pupil.refused, sent, (student) => ({ kind, student, reason }));
}

export async function giveBalance(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  const { t } = voice;
  const file = await fileIn(c);
  if (!file || !person) return c.notFound();
  const sent = await readSent(c);
  const refuse = (words: string) => pupilPage(c, file, { part: "balance", words, sent });
  const cents = parseCents(sent.field("amount"));
  if (cents === undefined) return refuse(t.topUp.badAmount);
  if (cents <= 0) return refuse(t.topUp.noAmount);
  const order = orderOf(file, sent.field("to"), cents, sent.field("word").trim());
  if (!order) return refuse(t.orders.unknown);
  const id = sent.field("id").trim();
  const result = await desk.command({ id, author: person.username, at: now, ...order });
  if (!result.ok) return refuse(refusalIn(result.reason, voice));
  return c.redirect(`/register/students/${file.id}?saved=1#leaving`, 303);
}

/** undefined for somebody who is no sibling. */
function orderOf(file: RegisterFile, to: string, cents: number, reason: string): Order | undefined {
  const given = { student: file.id, cents, reason };
  if (to === "refund" || to === "gift") return { kind: to, ...given };
  const sibling = file.siblings.find(({ id }) => id === numberIn(to));
  return sibling && { kind: "toSibling", to: sibling.id, ...given };
}
