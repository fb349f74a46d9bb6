// The bursar undoes a movement, or says whose an amount in suspense is. The form carries the id of its
// command, so that a double click is the same order.

import type { Evidence } from "#edge/reads/evidence.ts";
import type { Order } from "#edge/ledger/commands/command.ts";
import { readFields } from "../form.ts";
import { movementPage, sourceIn } from "../movement.tsx";
import { pathOf } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { CorrectionForm } from "./correct-form.tsx";
import { REASON_CHARACTERS_MAX } from "./correct-form.tsx";
import { refusalIn } from "./top-up.ts";

export async function reverseMovement(c: PageContext) {
  const evidence = await c.var.reads.evidence(sourceIn(c));
  if (!evidence) return c.notFound();
  const form = await readForm(c);
  return order(c, evidence, form, { kind: "reverse", ...sourceIn(c), reason: form.reason });
}

export async function assignMovement(c: PageContext) {
  const { voice, reads } = c.var;
  const evidence = await reads.evidence(sourceIn(c));
  if (!evidence) return c.notFound();
  const form = await readForm(c);
  const line = numberIn((await readFields(c))("line"));
  const { found } = await reads.students(form.student, "");
  const [student] = found;
  if (!form.student || !student || found.length > 1)
    return movementPage(c, evidence, { ...form, problem: voice.t.correct.noStudent });
  const { reason } = form;
  return order(c, evidence, form, {
    kind: "assign",
    ...sourceIn(c),
    line,
    student: student.id,
    reason,
  });
}

async function readForm(c: PageContext): Promise<CorrectionForm> {
  const field = await readFields(c);
  return {
    id: field("id").trim(),
    reason: field("reason").trim().slice(0, REASON_CHARACTERS_MAX),
    student: field("student").trim(),
    problem: "",
  };
}

async function order(c: PageContext, evidence: Evidence, form: CorrectionForm, what: Order) {
  const { voice, person, now, desk } = c.var;
  if (!person) return c.notFound();
  if (!form.reason) return movementPage(c, evidence, { ...form, problem: voice.t.topUp.noNote });
  const result = await desk.command({ id: form.id, author: person.username, at: now, ...what });
  if (result.ok) return c.redirect(pathOf(sourceIn(c)), 303);
  return movementPage(c, evidence, { ...form, problem: refusalIn(result.reason, voice) });
}
