// What `npm start -- ...` takes, and the addresses that follow from it. Pure: words in, plan or
// complaint out.

import { parseArgs } from "node:util";

const FIRST_PORT = 4400;
const PORT_MAX = 65535;

export const USAGE = `npm start -- [options]
  --json          print one line of JSON when all is up
  --fresh         forget everything and start with a new school
  --port N        first of five ports (default ${FIRST_PORT}): pages, terminals, ledger,
                  broker, debugger
  --broker URL    use this MQTT broker (mqtt://host:port) instead of the built-in one
  --ledger URL    use this libSQL server instead of a local sqld; its token in LEDGER_TOKEN
  --state FOLDER  keep everything there (default .obole)`;

export type Ports = {
  dashboard: number;
  terminals: number;
  ledger: number;
  broker: number;
  inspector: number;
};

/** brokerUrl and ledgerUrl are where the parts connect; a built-in one is started iff its port is
 * in `ports`. */
export type Options = {
  json: boolean;
  fresh: boolean;
  stateFolder: string;
  ports: Ports;
  brokerUrl: string;
  ownBroker: boolean;
  ledgerUrl: string;
  ownLedger: boolean;
  ledgerToken: string;
};

/** Throws an Error that names the option and its value. */
export function readOptions(words: string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      json: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      port: { type: "string", default: String(FIRST_PORT) },
      broker: { type: "string" },
      ledger: { type: "string" },
      state: { type: "string", default: ".obole" },
    },
  });
  const ports = portsFrom(values.port);
  return {
    json: values.json,
    fresh: values.fresh,
    stateFolder: values.state,
    ports,
    brokerUrl: checkUrl("--broker", values.broker, ["mqtt:"]) ?? `mqtt://127.0.0.1:${ports.broker}`,
    ownBroker: values.broker === undefined,
    ledgerUrl:
      checkUrl("--ledger", values.ledger, ["http:", "https:", "libsql:"]) ??
      `http://127.0.0.1:${ports.ledger}`,
    ownLedger: values.ledger === undefined,
    ledgerToken: environment["LEDGER_TOKEN"] ?? "",
  };
}

function portsFrom(text: string): Ports {
  const first = Number(text);
  if (!/^[0-9]+$/.test(text) || first < 1 || first + 4 > PORT_MAX)
    throw new Error(`--port ${text} is not a number from 1 to ${PORT_MAX - 4}`);
  return {
    dashboard: first,
    terminals: first + 1,
    ledger: first + 2,
    broker: first + 3,
    inspector: first + 4,
  };
}

function checkUrl(
  option: string,
  text: string | undefined,
  protocols: string[],
): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !protocols.includes(url.protocol) || !url.hostname)
    throw new Error(`${option} ${text} is not a URL that begins with ${protocols.join(", ")}//`);
  return text;
}

/** Where terminals connect. */
export function brokerAddress(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 1883) };
}
