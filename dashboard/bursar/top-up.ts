// Money that the bursar takes in cash, gives, owes back or corrects. The form carries the id of its command, so that a double click or a
// reload is the same order; the ledger refuses the same id for another amount.

import type { CommandRefusal } from "#edge/ledger/commands.ts";
import { parseCents } from "../amount.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { studentPage } from "./student.tsx";
import type { TopUpForm } from "./top-up-form.tsx";
import { NOTE_CHARACTERS_MAX } from "./top-up-form.tsx";

/** The ledger has the last word; this is for the sentence that names the limit. */
const TOP_UP_CENTS_MAX = 100_000;
const MEANS = ["cash", "correction", "goodwill", "refund"] as const;

const ALREADY: CommandRefusal[] = ["reversed", "assigned", "is-correction", "not-in-suspense"];

export async function topUp(c: PageContext) {
  const { voice, person, now } = c.var;
  const file = await c.var.reads.student(numberIn(c.req.param("id")));
  if (!file || !person) return c.notFound();
  const form = await readForm(c);
  const cents = parseCents(form.amount);
  const payer = file.guardians.find(({ id }) => String(id) === form.payer);
  const isStranger = form.payer !== "" && !payer;
  const problem = isStranger ? voice.t.topUp.noGuardian : problemOf(form, cents, voice);
  if (problem || cents === undefined) return studentPage(c, file, { ...form, problem }, undefined);
  const { id, means, note } = form;
  const head = { id, author: person.username, at: now };
  const money = { student: file.id, cents };
  const result = await c.var.desk.command(
    means === "goodwill" || means === "refund"
      ? { ...head, kind: means, ...money, reason: note }
      : { ...head, kind: "topUp", ...money, means, note, ...(payer ? { payer: payer.id } : {}) },
  );
  if (result.ok) return c.redirect(`/students/${file.id}?recorded=${form.id}`, 303);
  const refused = { ...form, problem: refusalIn(result.reason, voice) };
  return studentPage(c, file, refused, undefined);
}

async function readForm(c: PageContext): Promise<TopUpForm> {
  const field = await readFields(c);
  return {
    id: field("id").trim(),
    means: MEANS.find((one) => one === field("means")) ?? "cash",
    amount: field("amount").trim(),
    note: field("note").trim().slice(0, NOTE_CHARACTERS_MAX),
    payer: field("payer"),
    problem: "",
  };
}

/** In words; "" when the form may be sent on. */
function problemOf(form: TopUpForm, cents: number | undefined, voice: Voice): string {
  const { t } = voice;
  if (cents === undefined) return t.topUp.badAmount;
  if (cents === 0) return t.topUp.noAmount;
  if (cents < 0 && form.means !== "correction") return t.topUp.negativeCash;
  if (Math.abs(cents) > TOP_UP_CENTS_MAX) return t.topUp.tooMuch(voice.money(TOP_UP_CENTS_MAX));
  if (form.means !== "cash" && !form.note) return t.topUp.noNote;
  return "";
}

export function refusalIn(reason: CommandRefusal, voice: Voice): string {
  const { t } = voice;
  if (reason === "other-content") return t.topUp.changed;
  if (reason === "not-covered") return t.topUp.uncovered;
  if (reason === "recovering") return t.topUp.recovering;
  if (reason === "cents-out-of-range") return t.topUp.tooMuch(voice.money(TOP_UP_CENTS_MAX));
  if (reason === "no-reason") return t.topUp.noNote;
  if (ALREADY.includes(reason)) return t.correct.already;
  return t.topUp.failed;
}
