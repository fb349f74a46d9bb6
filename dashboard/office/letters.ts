// The letters with connection codes, as a file to be printed.

import type { AccountFile } from "#edge/reads/people.ts";
import type { PageContext } from "../page.tsx";

type Codes = { person: number; code: string }[];

export async function answerLetters(c: PageContext, files: AccountFile[], codes: Codes) {
  const letters = codes.flatMap(({ person, code }) => {
    const file = files.find(({ id }) => id === person);
    if (!file) return [];
    const { name, username, language, children } = file;
    return [{ name, username, language, code, children: children.map((one) => one.firstName) }];
  });
  const pdf = await c.var.printLetters(letters);
  return c.body(new Uint8Array(pdf), 200, {
    "content-type": "application/pdf",
    "content-disposition": 'inline; filename="letters.pdf"',
  });
}
