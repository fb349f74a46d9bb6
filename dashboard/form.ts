// What a posted form says: one text per field, "" where it was left out or is a file.

import type { PageContext } from "./page.tsx";

export async function readFields(c: PageContext): Promise<(name: string) => string> {
  const sent = await c.req.parseBody();
  return (name) => {
    const value = sent[name];
    return typeof value === "string" ? value : "";
  };
}
