// Who may open a page. Every route says so; a visitor is led to the log-in page, anybody else with another role is told
// that there is no such page. Who must give a second factor and has not is led there first.

import type { MiddlewareHandler } from "hono";
import type { Role } from "#edge/session.ts";
import { logInPath } from "./account/return-to.ts";
import type { PageEnv } from "./page.tsx";

const SECOND_FACTOR = "/account/second-factor";

export function allow(...roles: Role[]): MiddlewareHandler<PageEnv> {
  return async function allowRoles(c, next) {
    const { person } = c.var;
    if (!person) return c.redirect(logInPath(c.req.method, c.req.path), 303);
    if (!roles.includes(person.role)) return c.notFound();
    if (!person.isProven) return c.redirect(SECOND_FACTOR, 303);
    return next();
  };
}

/** Whoever is logged in. unproven: also before the second factor. */
export function allowAnybody(also = { unproven: false }): MiddlewareHandler<PageEnv> {
  return async function allowLoggedIn(c, next) {
    const { person } = c.var;
    if (!person) return c.redirect(logInPath(c.req.method, c.req.path), 303);
    if (!person.isProven && !also.unproven) return c.redirect(SECOND_FACTOR, 303);
    return next();
  };
}
