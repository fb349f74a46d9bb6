// What an entry of the log says in words: its action, its subject, and what was so before and after.

import type { AuditEntry } from "#edge/reads/audit.ts";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";

const ERASED = '"erased"';

/** An action or a field that these pages have no words for is shown as it is written. */
function wordFor(words: Record<string, string>, key: string): string {
  return words[key] ?? key;
}

export function actionIn({ action }: AuditEntry, t: Texts): string {
  return wordFor(t.audit.actions, action);
}

/** "student/12" as words and, where there is a page that everybody who reads the log may open, its address. */
export function subjectIn({ subject, subjectName, command }: AuditEntry, t: Texts) {
  const [kind = "", ...rest] = subject.split("/");
  const name = kind === "school" ? "" : subjectName || rest.join("/");
  const words = `${wordFor(t.audit.subjects, kind)} ${name}`.trim();
  if (kind === "student") return { words, path: `/students/${rest[0]}` };
  if (kind === "movement") return { words, path: `/movements/${rest.join("/")}` };
  return { words, path: command && kind === "account" ? `/movements/0/${command}` : undefined };
}

/** "Rôle : secrétariat", one for each field. json is before or after of an entry. */
export function factsIn(json: string, voice: Voice): string[] {
  const { t } = voice;
  if (!json) return [];
  if (json === ERASED) return [t.audit.erased];
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value)
    .filter(([, one]) => one !== "" && one !== null)
    .map(([field, one]) =>
      t.audit.fact(wordFor(t.audit.fields, field), valueIn(field, one, voice)),
    );
}

function valueIn(field: string, value: unknown, voice: Voice): string {
  const { t } = voice;
  if (typeof value === "number" && /cents$/i.test(field)) return voice.money(value);
  if (typeof value === "number" && field.endsWith("At"))
    return value ? voice.moment(value) : t.audit.none;
  if (field === "minutes") return clockIn(Number(value));
  if (field === "role" || field === "means" || field === "language")
    return wordFor({ ...t.role, ...t.audit.values, ...t.language }, String(value));
  return typeof value === "string" ? value : JSON.stringify(value);
}

function clockIn(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours, rest].map((part) => String(part).padStart(2, "0")).join(":");
}
