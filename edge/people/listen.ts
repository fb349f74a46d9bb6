// What happens, as it happens: the whole school for those who keep its books and its register, the terminals for
// counters, their own children for guardians, themselves for students. Kitchens have nothing to hear.

import type { Context, Handler } from "hono";
import type { Person } from "#edge/session.ts";
import type { Reads, Visit } from "./visit.ts";

/** open answers with the stream of the school's events; its argument is the query that events.ts reads. */
export function listen(
  open: (c: Context, query: string) => Response | Promise<Response>,
): Handler<{ Variables: Visit }> {
  return async (c) => {
    const { person, reads } = c.var;
    if (!person) return c.body(null, 401);
    const query = await audienceOf(person, reads);
    return query === undefined ? c.body(null, 403) : open(c, query);
  };
}

/** undefined: nothing. */
async function audienceOf(person: Person, reads: Reads): Promise<string | undefined> {
  switch (person.role) {
    case "bursar":
    case "auditor":
    case "secretary":
      return "";
    case "counter":
      return "?kinds=terminal";
    case "guardian": {
      const children = await reads.children(person.id);
      return "?students=" + children.map((child) => child.id).join(",");
    }
    case "student":
      return "?students=" + ((await reads.ownStudent(person.id)) ?? "");
    case "kitchen":
      return undefined;
  }
}
