// `npm start`: the whole system on one machine. Brings up the ledger, the broker, the Worker and
// the counters of a made-up school, in the order in which each needs the one before, and takes them
// down together.

import { join, resolve } from "node:path";
import type { Client } from "@libsql/client/web";
import { brokerPassword } from "#firmware/provision/provision.ts";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { fromHex } from "#protocol/bytes.ts";
import { gatewayClientId, startBroker } from "./broker.ts";
import { buildBeside } from "./build-beside.ts";
import { checkPorts, claimStateFolder } from "./claims.ts";
import { codeOf, openAccounts } from "./accounts.ts";
import { demoCards } from "./demo-cards.ts";
import { equipCounters } from "./office.ts";
import { untilCountersSell } from "./opening.ts";
import type { Options } from "./options.ts";
import { USAGE, brokerAddress, readOptions } from "./options.ts";
import type { Guard } from "./processes.ts";
import { keepRunning, startGuard } from "./processes.ts";
import type { School } from "./school.ts";
import { COUNTERS, FOREIGN_CARD, PRODUCTS, STAFF, makeSchool } from "./school.ts";
import type { LogIn, Secrets } from "./secrets.ts";
import { openSecrets } from "./secrets.ts";
import { releaseKeyOf } from "./signed-release.ts";
import { seedSchool } from "./seed.ts";
import { sqldProgram } from "./sqld.ts";
import type { DemoCard } from "./terminal-http.ts";
import { serveTerminals } from "./terminal-http.ts";
import { createTerminal } from "./terminals.ts";
import { siteUrl, workerProgram } from "./worker.ts";

const OPENING_MS_MAX = 20_000;

/** What --json prints. */
export type Ready = {
  dashboard: string;
  terminals: string;
  broker: string;
  ledger: string;
  logins: LogIn[];
  cards: (DemoCard & { student: number })[];
  pid: number;
};

/** What is up so far; taken down from the last to the first. */
type Stage = { guard: Guard; takeDown: (() => Promise<void> | void)[] };

await main();

async function main(): Promise<void> {
  const options = optionsOrExit();
  const stage: Stage = { guard: startGuard(), takeDown: [] };
  let leaving: Promise<void> | undefined;
  const leave = (exitCode: number): Promise<void> => (leaving ??= end(stage, exitCode));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void leave(0));
  try {
    const ready = await bringUp(options, stage);
    if (!leaving) console.log(options.json ? JSON.stringify(ready) : describe(ready));
  } catch (error) {
    if (!leaving) console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
    await leave(1);
  }
}

async function bringUp(options: Options, stage: Stage): Promise<Ready> {
  stage.takeDown.push(claimStateFolder(options));
  await checkPorts(options);
  const secrets = openSecrets(options.stateFolder);
  const school = makeSchool();
  const firmware = buildBeside();
  // Should the ledger fail first, this failure must not go unheard, nor end the process by itself.
  firmware.catch(() => undefined);

  await Promise.all([startLedger(options, stage), startOwnBroker(options, secrets, stage)]);
  const ledger = connectLedger(options.ledgerUrl, options.ledgerToken || undefined);
  const folders = await fillLedger(ledger, options, secrets, school);

  const username = gatewayClientId(school.slug);
  const password = brokerPassword(fromHex(secrets.sealSecret), username);
  const program = workerProgram(options, secrets, { username, password });
  const worker = await keepRunning(program, stage.guard, console.error);
  stage.takeDown.push(() => worker.stop());

  const script = (await firmware).code;
  const broker = brokerAddress(options.brokerUrl);
  const terminals = COUNTERS.map(({ id, name, till }, i) => {
    const products = till.keys.map(
      (key) => PRODUCTS.find((product) => product.id === key)?.name ?? "",
    );
    return createTerminal({
      id,
      label: name,
      products,
      folder: folders[i] ?? "",
      code: script,
      broker,
    });
  });
  stage.takeDown.push(() => terminals.forEach((terminal) => terminal.close()));
  const cards = labelCards(school);
  const cardOf = demoCards(school, secrets.cardSecret);
  const phone = secrets.logins.find(({ authenticator }) => authenticator)?.authenticator ?? "";
  const codeNow = () => codeOf(phone);
  const server = await serveTerminals(options.ports.terminals, terminals, cards, cardOf, codeNow);
  stage.takeDown.push(() => server.close());
  const dashboard = siteUrl(options);
  if (!(await untilCountersSell(ledger, dashboard, COUNTERS.length, OPENING_MS_MAX)))
    console.error("start: the counters have not heard from the gateway yet");
  ledger.close();
  return {
    dashboard,
    terminals: server.url,
    broker: options.brokerUrl,
    ledger: options.ledgerUrl,
    logins: secrets.logins,
    cards,
    pid: process.pid,
  };
}

async function startLedger(
  { ownLedger, stateFolder, ports }: Options,
  stage: Stage,
): Promise<void> {
  if (!ownLedger) return;
  const logFile = join(stateFolder, "log", "sqld.log");
  const program = sqldProgram(join(stateFolder, "ledger"), ports.ledger, logFile);
  const sqld = await keepRunning(program, stage.guard, console.error);
  stage.takeDown.push(() => sqld.stop());
}

async function startOwnBroker(
  { ownBroker, ports }: Options,
  { sealSecret }: Secrets,
  stage: Stage,
): Promise<void> {
  if (!ownBroker) return;
  const broker = await startBroker(ports.broker, makeSchool().slug, sealSecret);
  stage.takeDown.push(() => broker.close());
}

/** Returns the folders of the counters' terminals. */
async function fillLedger(
  ledger: Client,
  options: Options,
  secrets: Secrets,
  school: School,
): Promise<string[]> {
  const books = await seedSchool(ledger, school);
  await openAccounts(ledger, secrets.accountSecret, secrets.logins);
  return equipCounters(books, {
    school: school.slug,
    sealSecret: secrets.sealSecret,
    broker: brokerAddress(options.brokerUrl),
    releaseKey: releaseKeyOf(options.stateFolder),
    counters: COUNTERS,
    folder: join(options.stateFolder, "terminals"),
  });
}

function labelCards(school: School): Ready["cards"] {
  const students = new Map(school.students.map((student) => [student.id, student]));
  const cards = school.cards.map(({ uid, student, status }) => {
    const { firstName, lastName, class: group } = students.get(student) ?? {};
    const label = `${firstName} ${lastName}${status === "blocked" ? " (carte perdue)" : ""}`;
    return { uid, student, label, group: group ?? "" };
  });
  const others = [
    { uid: STAFF.badge, label: `${STAFF.name} (badge)` },
    { uid: FOREIGN_CARD, label: "Carte inconnue" },
  ];
  return [...cards, ...others.map((card) => ({ ...card, student: 0, group: "" }))];
}

function describe(ready: Ready): string {
  return [
    "",
    "Collège Sainte-Aldegonde is open. Ctrl-C closes it.",
    "",
    `  pages       ${ready.dashboard}`,
    `  terminals   ${ready.terminals}`,
    `  broker      ${ready.broker}`,
    `  ledger      ${ready.ledger}`,
    "",
    ...ready.logins.map(
      ({ role, username, password, authenticator }) =>
        `  ${role.padEnd(10)}  ${username.padEnd(10)} ${password}` +
        (authenticator ? `   then the code at ${ready.terminals}/code` : ""),
    ),
    "",
  ].join("\n");
}

function optionsOrExit(): Options {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    return { ...options, stateFolder: resolve(options.stateFolder) };
  } catch (error) {
    console.error(`start: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return process.exit(2);
  }
}

async function end(stage: Stage, exitCode: number): Promise<void> {
  for (const down of stage.takeDown.toReversed()) await down();
  stage.guard.close();
  process.exit(exitCode);
}
