// What the office does to the guardians of a student; posts only.

import type { PageContext } from "../page.tsx";
import { numberIn } from "../path.ts";
import { isLanguage } from "../voice.ts";
import { act, fileIn } from "./pupil.tsx";
import { readSent } from "./sent.ts";

export async function linkGuardian(c: PageContext) {
  const sent = await readSent(c);
  return act(c, "link", c.var.voice.t.guardians.refused, sent, (student) => ({
    kind: "linkGuardian",
    student,
    named: sent.field("named"),
  }));
}

export async function createGuardian(c: PageContext) {
  const sent = await readSent(c);
  const { voice } = c.var;
  const chosen = sent.field("language");
  return act(c, "create", voice.t.guardians.refused, sent, (student) => ({
    kind: "createGuardian",
    student,
    firstName: sent.field("firstName"),
    lastName: sent.field("lastName"),
    address: sent.field("address"),
    language: isLanguage(chosen) ? chosen : voice.language,
  }));
}

export async function changeGuardian(c: PageContext) {
  const sent = await readSent(c);
  const person = numberIn(c.req.param("person"));
  const file = await fileIn(c);
  if (!file?.guardians.some(({ id }) => id === person)) return c.notFound();
  return act(c, `change-${person}`, c.var.voice.t.guardians.refused, sent, (student) => ({
    kind: "changeGuardian",
    student,
    person,
    name: sent.field("name"),
    address: sent.field("address"),
  }));
}

export async function removeGuardian(c: PageContext) {
  const sent = await readSent(c);
  const person = numberIn(c.req.param("person"));
  return act(c, `remove-${person}`, c.var.voice.t.guardians.refused, sent, (student) => ({
    kind: "removeGuardian",
    student,
    person,
    reason: sent.field("reason"),
  }));
}
