// Who may open a page. Every route says so; a visitor is led to the log-in page, anybody else with another role is told
// that there is no such page.

import type { MiddlewareHandler } from "hono";
import type { Role } from "#edge/session.ts";
import type { PageEnv } from "./page.tsx";

export function allow(...roles: Role[]): MiddlewareHandler<PageEnv> {
  return async function allowRoles(c, next) {
    const { person } = c.var;
    if (!person) return c.redirect("/log-in", 303);
    if (!roles.includes(person.role)) return c.notFound();
    return next();
  };
}
