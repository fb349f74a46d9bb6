// What a posted form says, where a field may have several values or be a file.

import type { PageContext } from "../page.tsx";

export type Sent = {
  /** "" where it was left out. */
  field: (name: string) => string;
  all: (name: string) => string[];
  file: (name: string) => File | undefined;
};

export async function readSent(c: PageContext): Promise<Sent> {
  const body = await c.req.parseBody({ all: true });
  const valuesOf = (name: string): (string | File)[] => [body[name] ?? []].flat();
  const all = (name: string): string[] =>
    valuesOf(name).filter((value) => typeof value === "string");
  return {
    all,
    field: (name) => all(name)[0] ?? "",
    file: (name) => valuesOf(name).find((value) => value instanceof File),
  };
}

/** A form that came back: which one, in which words it was refused, and what had been typed. */
export type Refused = { part: string; words: string; sent: Sent };

/** What a field shows: what was typed, when this very form came back. */
export function shownIn(
  refused: Refused | undefined,
  part: string,
  name: string,
  known: string,
): string {
  return refused?.part === part ? refused.sent.field(name) : known;
}

export function wordsFor(refused: Refused | undefined, part: string): string {
  return refused?.part === part ? refused.words : "";
}

/** The words of a refusal; another reason is a mistake of ours, since the form cannot ask for it. */
export function wordsOf(words: Record<string, string>, reason: string): string {
  const found = words[reason];
  if (found === undefined) throw new Error(`register: a page has no words for ${reason}`);
  return found;
}
