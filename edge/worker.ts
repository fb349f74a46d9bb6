// The Worker: routes of people to the pages, and wakes the gateway. What a request may read or ask
// to be written is put into its context here; everything else is in the files it names.

import { Hono } from "hono";
import type { Context } from "hono";
import { failed, notFound } from "#dashboard/error.tsx";
import type { PageEnv } from "#dashboard/page.tsx";
import { pages } from "#dashboard/routes.ts";
import type { Environment } from "./environment.ts";
import { readSecret, siteOf } from "./environment.ts";
import { SchoolGateway } from "./gateway.ts";
import { connectLedger } from "./ledger/ledger.ts";
import { log } from "./log.ts";
import { office } from "./office.ts";
import { listen } from "./people/listen.ts";
import { visit } from "./people/visit.ts";

export { SchoolGateway };

const app = new Hono<PageEnv>();

/** The pages know no bindings; the platform gives them to this file alone. */
const environmentOf = (c: Context): Environment => c.env as Environment;

function gatewayOf(environment: Environment): DurableObjectStub<SchoolGateway> {
  return environment.GATEWAY.getByName(environment.SCHOOL);
}

/** For whoever watches the service; says nothing about people. Asking also wakes the gateway. */
app.get("/health", async (c) => {
  const gateway = gatewayOf(environmentOf(c));
  await gateway.kick().catch((error: unknown) => log("kick-failed", { error: String(error) }));
  const state = await gateway.state();
  return c.json(state, state.ledger && state.broker ? 200 : 503);
});

app.route(
  "/",
  office((c) => {
    const environment = environmentOf(c);
    return {
      school: environment.SCHOOL,
      sealSecret: readSecret(environment, "SEAL_SECRET"),
      register: (order) => gatewayOf(environment).register(order, Math.floor(Date.now() / 1000)),
    };
  }),
);

app.use(
  visit((c) => {
    const environment = environmentOf(c);
    const client = connectLedger(environment.LEDGER_URL, environment.LEDGER_TOKEN);
    const now = Math.floor(Date.now() / 1000);
    return { client, desk: gatewayOf(environment), site: siteOf(environment), now };
  }),
);

app.get(
  "/events",
  listen((c, query) => gatewayOf(environmentOf(c)).fetch("https://gateway/events" + query)),
);

app.route("/", pages);
app.notFound(notFound);
app.onError(failed);

export default {
  fetch: app.fetch,
  async scheduled(_event, environment) {
    await gatewayOf(environment).kick();
  },
} satisfies ExportedHandler<Environment>;
