// The school of the chaos: everything that `npm start` has, each part in processes of its own that can be killed, as many
// terminals as wanted, and stretches of network that can be cut between the gateway and what it speaks to.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@libsql/client/web";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { buildFirmware } from "#firmware/build.ts";
import { brokerPassword } from "#firmware/provision/provision.ts";
import { fromHex } from "#protocol/bytes.ts";
import { gatewayClientId } from "./broker.ts";
import type { Counter } from "./chaos-counter.ts";
import { createCounter } from "./chaos-counter.ts";
import type { CashDesk } from "./chaos-desk.ts";
import { openCashDesk } from "./chaos-desk.ts";
import type { Part } from "./chaos-part.ts";
import { createPart } from "./chaos-part.ts";
import type { Wire } from "./chaos-wire.ts";
import { createWire } from "./chaos-wire.ts";
import { freePorts } from "./demonstration.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startMosquitto } from "./mosquitto.ts";
import { equipCounters } from "./office.ts";
import { untilCountersSell } from "./opening.ts";
import { readOptions } from "./options.ts";
import { startGuard } from "./processes.ts";
import type { Random, School } from "./school.ts";
import { COUNTERS, makeSchool, pick } from "./school.ts";
import { openAccounts } from "./accounts.ts";
import { openSecrets } from "./secrets.ts";
import { seedSchool } from "./seed.ts";
import { releaseKeyOf } from "./signed-release.ts";
import type { Counts } from "./soak-counts.ts";
import { sqldProgram } from "./sqld.ts";
import { openWitnessBook } from "./witnesses.ts";
import { workerProgram } from "./worker.ts";

/** Some families are rich enough for every lunch, some are not: their children are refused now and then. */
const OPENINGS_CENTS = [1000, 30_000, 30_000, 50_000, 50_000, 100_000];
/** A student eats at so many counters. */
const HABITS = 3;
/** What a bare card buys; many small sales, so that little money lasts for many taps. */
const SOUPS = [1, 6, 9, 11];
const OPENING_MS_MAX = 180_000;

export type Servers = {
  /** Straight to sqld, past the wire. */
  ledger: Client;
  dashboard: string;
  broker: Mosquitto;
  sqld: Part;
  workerd: Part;
  /** From the gateway to the broker, and to the ledger. */
  brokerWire: Wire;
  ledgerWire: Wire;
};
export type ChaosSchool = Servers & {
  school: School;
  desk: CashDesk;
  counters: Counter[];
  /** Where all that was heard at the counters is written down. */
  bookPath: string;
};
export type TakeDown = (() => Promise<unknown> | void)[];

export type ChaosOrder = { folder: string; terminals: number; random: Random; counts: Counts };

/** Pushes what ends each part on takeDown, so that whoever fails half-way can end what there is. */
export async function openChaosSchool(order: ChaosOrder, takeDown: TakeDown): Promise<ChaosSchool> {
  const { folder, random } = order;
  const school = wealthy(makeSchool(), random);
  const servers = await openServers(folder, school, takeDown);
  const { ledger, dashboard, broker } = servers;
  const secrets = openSecrets(folder);
  const tills = counterTills(order.terminals);
  const folders = await equipCounters(await seedSchool(ledger, school), {
    school: school.slug,
    sealSecret: secrets.sealSecret,
    broker: { host: "127.0.0.1", port: broker.port },
    releaseKey: releaseKeyOf(folder),
    counters: tills,
    folder: join(folder, "terminals"),
  });
  await openAccounts(ledger, secrets.accountSecret, secrets.logins);
  await servers.workerd.start();
  const bundle = join(folder, "terminal.js");
  writeFileSync(bundle, (await buildFirmware()).code, "latin1");
  const bookPath = join(folder, "witnessed.jsonl");
  const book = openWitnessBook(bookPath);
  takeDown.push(book.close);
  const counters = tills.map(({ id }, i) =>
    createCounter({
      ...order,
      terminal: id,
      cards: regularsOf(school, id, order.terminals),
      place: { stateFolder: folder, folder: folders[i] ?? "", bundle, brokerPort: broker.port },
      book,
    }),
  );
  for (const counter of counters) {
    takeDown.push(counter.kill);
    counter.start();
  }
  if (!(await untilCountersSell(ledger, dashboard, counters.length, OPENING_MS_MAX)))
    throw new Error("chaos: the counters do not sell, and nothing was killed yet");
  const desk = openCashDesk(dashboard, secrets.logins);
  return { ...servers, school, desk, counters, bookPath };
}

/** workerd is not started yet: the ledger has to be filled before its only writer comes. */
async function openServers(folder: string, { slug }: School, takeDown: TakeDown): Promise<Servers> {
  mkdirSync(join(folder, "log"), { recursive: true });
  const guard = startGuard();
  takeDown.push(guard.close);
  const broker = await startMosquitto({ keepsSessions: true });
  takeDown.push(broker.stop);
  const first = await freePorts();
  const brokerWire = await createWire(broker.port);
  const ledgerPort = first + 2;
  const ledgerWire = await createWire(ledgerPort);
  takeDown.push(brokerWire.close, ledgerWire.close);
  const log = join(folder, "log", "sqld.log");
  const sqld = createPart(sqldProgram(join(folder, "ledger"), ledgerPort, log), guard);
  takeDown.push(sqld.kill);
  await sqld.start();
  const secrets = openSecrets(folder);
  const username = gatewayClientId(slug);
  const password = brokerPassword(fromHex(secrets.sealSecret), username);
  const addresses = {
    state: folder,
    port: String(first),
    broker: `mqtt://127.0.0.1:${brokerWire.port}`,
    ledger: `http://127.0.0.1:${ledgerWire.port}`,
  };
  const words = Object.entries(addresses).flatMap(([name, value]) => [`--${name}`, value]);
  const options = readOptions(words, {});
  const workerd = createPart(workerProgram(options, secrets, { username, password }), guard);
  takeDown.push(workerd.kill);
  const ledger = connectLedger(`http://127.0.0.1:${ledgerPort}`, undefined);
  const dashboard = `http://127.0.0.1:${options.ports.dashboard}`;
  return { ledger, dashboard, broker, sqld, workerd, brokerWire, ledgerWire };
}

function wealthy(school: School, random: Random): School {
  for (const student of school.students) student.openingCents = pick(OPENINGS_CENTS, random);
  return school;
}

/** Refectories, as in the demonstration, each with its own soup. */
function counterTills(terminals: number): typeof COUNTERS {
  const [first] = COUNTERS;
  if (!first) throw new Error("chaos: the school has no counter");
  return Array.from({ length: terminals }, (_, i) => ({
    id: i + 1,
    name: `${first.name} ${i + 1}`,
    till: { ...first.till, soup: SOUPS[i % SOUPS.length] ?? 1, graceCents: i % 2 ? 0 : 200 },
  }));
}

function regularsOf({ cards }: School, terminal: number, terminals: number): string[] {
  const step = Math.max(1, Math.floor(terminals / HABITS));
  return cards
    .filter(({ status }) => status === "active")
    .filter(({ student }) =>
      Array.from({ length: HABITS }, (_, i) => 1 + ((student + i * step) % terminals)).includes(
        terminal,
      ),
    )
    .map(({ uid }) => uid);
}
