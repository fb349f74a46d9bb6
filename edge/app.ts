// Every address that this Worker answers, in the order in which they are tried. What an answer is made with is given by
// the caller: worker.ts has the bindings of the platform, the stage of the tests a school of its own.

import type { Client } from "@libsql/client/web";
import type { Context } from "hono";
import { Hono } from "hono";
import { failed, notFound } from "#dashboard/error.tsx";
import type { PageEnv } from "#dashboard/page.tsx";
import { pages } from "#dashboard/routes.ts";
import type { OfficeDoor } from "./office.ts";
import { office } from "./office.ts";
import type { Desk } from "./people/desk.ts";
import { listen } from "./people/listen.ts";
import { visit } from "./people/visit.ts";
import type { Site } from "./session.ts";

export type Parts = {
  /** Asking also wakes the gateway; the answer is its state. */
  health: (c: Context) => Promise<{ ledger: boolean; broker: boolean }>;
  office: (c: Context) => OfficeDoor;
  visit: (c: Context) => { client: Client; desk: Desk; site: Site; now: number };
  /** The stream of the school's events; query as edge/events.ts reads it. */
  events: (c: Context, query: string) => Response | Promise<Response>;
};

export function appOf(parts: Parts): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  /** For whoever watches the service; says nothing about people. */
  app.get("/health", async (c) => {
    const state = await parts.health(c);
    return c.json(state, state.ledger && state.broker ? 200 : 503);
  });
  app.route("/", office(parts.office));
  app.use(visit(parts.visit));
  app.get("/events", listen(parts.events));
  app.route("/", pages);
  app.notFound(notFound);
  app.onError(failed);
  return app;
}
