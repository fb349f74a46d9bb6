// The Worker: what a request may read or ask to be written is taken from the platform's bindings here, and the gateway
// is woken. Every address that it answers is in app.ts.

import type { Context } from "hono";
import { appOf } from "./app.ts";
import type { Environment } from "./environment.ts";
import { readSecret, siteOf } from "./environment.ts";
import { SchoolGateway } from "./gateway.ts";
import { connectLedger } from "./ledger/ledger.ts";
import { log } from "./log.ts";

export { SchoolGateway };

/** The pages know no bindings; the platform gives them to this file alone. */
const environmentOf = (c: Context): Environment => c.env as Environment;
const now = (): number => Math.floor(Date.now() / 1000);

function gatewayOf(environment: Environment): DurableObjectStub<SchoolGateway> {
  return environment.GATEWAY.getByName(environment.SCHOOL);
}

const app = appOf({
  async health(c) {
    const gateway = gatewayOf(environmentOf(c));
    await gateway.kick().catch((error: unknown) => log("kick-failed", { error: String(error) }));
    return gateway.state();
  },
  office(c) {
    const environment = environmentOf(c);
    return {
      school: environment.SCHOOL,
      sealSecret: readSecret(environment, "SEAL_SECRET"),
      register: (order) => gatewayOf(environment).register(order, now()),
    };
  },
  visit(c) {
    const environment = environmentOf(c);
    const client = connectLedger(environment.LEDGER_URL, environment.LEDGER_TOKEN);
    return { client, desk: gatewayOf(environment), site: siteOf(environment), now: now() };
  },
  events: (c, query) => gatewayOf(environmentOf(c)).fetch("https://gateway/events" + query),
});

export default {
  fetch: app.fetch,
  async scheduled(_event, environment) {
    await gatewayOf(environment).kick();
  },
} satisfies ExportedHandler<Environment>;
