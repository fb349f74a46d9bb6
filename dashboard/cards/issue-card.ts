// Issues a card to a student, also in the place of another.

import { numberIn } from "../path.ts";
import type { PageContext } from "../page.tsx";
import { act } from "../register/pupil.tsx";
import { readSent } from "../register/sent.ts";

export async function issueCard(c: PageContext) {
  const sent = await readSent(c);
  return act(c, "cards", c.var.voice.t.cards.problems, sent, (student) => ({
    kind: "issueCard",
    student,
    uid: sent.field("uid"),
    replaces: sent.field("replaces"),
    keyEpoch: numberIn(sent.field("keyEpoch") || "0"),
  }));
}
