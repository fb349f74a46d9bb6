// The school gives up what fell on its risk or solidarity, at most what stands there, and says why. The form carries the
// id of its command, so that a double click is the same order.

import { parseCents } from "../amount.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import { accountLines } from "./accounts.tsx";
import { REASON_CHARACTERS_MAX } from "./correct-form.tsx";
import { lossyOf } from "./cover-loss-section.tsx";
import { refusalIn } from "./top-up.ts";

export async function coverLoss(c: PageContext) {
  const { voice, person, now, desk, reads } = c.var;
  const { t } = voice;
  const id = numberIn(c.req.param("id"));
  const found = await reads.account(id, { date: "", order: "booked" }, 0, 1);
  const account = lossyOf(found?.account);
  if (!account || !person) return c.notFound();
  const field = await readFields(c);
  const cents = parseCents(field("amount"));
  const reason = field("reason").trim().slice(0, REASON_CHARACTERS_MAX);
  if (cents === undefined) return accountLines(c, t.topUp.badAmount);
  if (!reason) return accountLines(c, t.topUp.noNote);
  const order = { kind: "coverLoss" as const, account, cents, reason };
  const command = { id: field("id").trim(), author: person.username, at: now, ...order };
  const result = await desk.command(command);
  if (result.ok) return c.redirect(`/accounts/${id}`, 303);
  const isTooMuch = result.reason === "cents-out-of-range";
  return accountLines(c, isTooMuch ? t.accounts.coverTooMuch : refusalIn(result.reason, voice));
}
