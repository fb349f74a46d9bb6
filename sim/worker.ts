// The Worker of the demonstration: `wrangler dev` runs it in workerd, and loads it anew when a file
// changes.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { toHex } from "#protocol/bytes.ts";
import type { Options } from "./options.ts";
import type { Program } from "./processes.ts";
import { answersHttp } from "./processes.ts";
import type { Secrets } from "./secrets.ts";
import { releaseKeyOf } from "./signed-release.ts";

const START_MS_MAX = 60_000;
/** A gateway in the middle of a large batch answers late, and must not be killed for it. */
const PROBE_MS_MAX = 3_000;

export function workerProgram(
  options: Options,
  secrets: Secrets,
  brokerLogin: { username: string; password: string },
): Program {
  const { stateFolder, ports } = options;
  // Secrets go through a file: the arguments of a process can be read by everybody.
  const environmentFile = join(stateFolder, "worker.env");
  writeFileSync(
    environmentFile,
    [
      `LEDGER_URL="${options.ledgerUrl}"`,
      `LEDGER_TOKEN="${options.ledgerToken}"`,
      `BROKER_URL="${options.brokerUrl}"`,
      `BROKER_USERNAME="${brokerLogin.username}"`,
      `BROKER_PASSWORD="${brokerLogin.password}"`,
      `SEAL_SECRET="${secrets.sealSecret}"`,
      `CARD_SECRET="${secrets.cardSecret}"`,
      `ACCOUNT_SECRET="${secrets.accountSecret}"`,
      `PUBLIC_URL="${siteUrl(options)}"`,
      `RELEASE_KEY="${toHex(releaseKeyOf(stateFolder))}"`,
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  return {
    name: "workerd",
    command: process.execPath,
    args: [
      findWrangler(),
      "dev",
      "--ip",
      "127.0.0.1",
      "--port",
      String(ports.dashboard),
      "--inspector-port",
      String(ports.inspector),
      "--env-file",
      environmentFile,
      "--persist-to",
      join(stateFolder, "worker"),
      "--show-interactive-dev-session=false",
    ],
    environment: {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_SEND_ERROR_REPORTS: "false",
      // The banner asks the registry whether there is a newer wrangler.
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_LOG_PATH: join(stateFolder, "log"),
      // Without it wrangler asks Cloudflare where this machine is, and complains when offline.
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      FORCE_COLOR: "0",
    },
    logFile: join(stateFolder, "log", "workerd.log"),
    startMsMax: START_MS_MAX,
    answers: () => answersHttp(`http://127.0.0.1:${ports.dashboard}/health`, PROBE_MS_MAX),
  };
}

/** Passkeys are bound to a host name, which an address in digits is not (W3C WebAuthn level 3 section 5.1.2). */
export function siteUrl({ ports }: Options): string {
  return `http://localhost:${ports.dashboard}`;
}

function findWrangler(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("wrangler/package.json")), "wrangler-dist", "cli.js");
}
