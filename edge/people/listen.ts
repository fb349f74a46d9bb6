// What happens, as it happens: the whole school for its bursar, their own children for guardians, nothing for others.

import type { Context, Handler } from "hono";
import type { Visit } from "./visit.ts";

/** open answers with the stream of the school's events; its argument is the query that events.ts reads. */
export function listen(
  open: (c: Context, query: string) => Response | Promise<Response>,
): Handler<{ Variables: Visit }> {
  return async (c) => {
    const { person, reads } = c.var;
    if (!person) return c.body(null, 401);
    if (person.role === "bursar") return open(c, "");
    if (person.role !== "guardian") return c.body(null, 403);
    const children = await reads.children(person.id);
    return open(c, "?students=" + children.map((child) => child.id).join(","));
  };
}
