// Who may open a movement, its page and its receipt alike.

import type { Evidence } from "#edge/reads/evidence.ts";
import type { PageContext } from "./page.tsx";

/** Every student it concerns must be a child of the guardian who asks, and what came in must be their own money. The secretary answers for students, and has no
 * business with what concerns none. */
export async function mayRead(c: PageContext, evidence: Evidence): Promise<boolean> {
  const { person, reads } = c.var;
  const wallets = evidence.postings.flatMap(({ debit, credit }) => [debit.student, credit.student]);
  const entry = evidence.token?.entry;
  const students = wallets.filter((student) => student !== null);
  if (entry && "student" in entry) students.push(entry.student);
  if (person?.role === "secretary") return students.length > 0;
  if (person?.role !== "guardian") return true;
  const mine = new Set((await reads.children(person.id)).map((child) => child.id));
  if (!students.length || !students.every((student) => mine.has(student))) return false;
  const others = await Promise.all(
    students.map((student) => reads.isAnothers(person.id, student, evidence)),
  );
  return !others.includes(true);
}
