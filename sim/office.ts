// The school's office: provisions the virtual terminals of the demonstration and registers their
// public keys. Each keeps its files and flash in a folder of its own; one that the ledger knows and
// we have lost gets a new epoch.

import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { registerTerminal } from "#edge/ledger/registrations.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { readSettings } from "#firmware/settings.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { nodePrimitives } from "./primitives.ts";
import type { Counter } from "./school.ts";
import { hasRegions, installTerminal, openTerminalFolder } from "./terminal-folder.ts";

/** For the first hours; the terminal makes more when it is idle. */
const NONCES = 255;

export type OfficeOrder = {
  school: string;
  sealSecret: string;
  broker: { host: string; port: number };
  /** Who signs newer firmware for them. */
  releaseKey: Bytes;
  counters: Counter[];
  /** Each terminal is kept in a folder of this one, by its number. */
  folder: string;
};

/** Returns the folder of each counter's terminal, registered and ready to be switched on. */
export async function equipCounters(ledger: Ledger, order: OfficeOrder): Promise<string[]> {
  const registered = await ledger.client.execute("select id, epoch from terminal");
  const epochs = new Map(registered.rows.map((row) => [Number(row["id"]), Number(row["epoch"])]));
  const folders: string[] = [];
  for (const counter of order.counters) {
    const folder = join(order.folder, String(counter.id));
    const epoch = epochs.get(counter.id) ?? 0;
    // What an older version of this program left is kept beside: it may hold sales that nobody has seen.
    if (existsSync(folder) && !hasRegions(folder)) renameSync(folder, `${folder}.epoch-${epoch}`);
    if (!existsSync(folder)) provision(folder, counter, epoch + 1, order);
    await register(ledger, counter, identityOf(folder));
    folders.push(folder);
  }
  return folders;
}

/** In a folder beside, renamed when complete: what stands at its place is whole. */
function provision(folder: string, counter: Counter, epoch: number, order: OfficeOrder): void {
  const provisioned = provisionTerminal({
    school: order.school,
    terminal: counter.id,
    epoch,
    nonces: NONCES,
    sealSecret: fromHex(order.sealSecret),
    broker: order.broker,
    releaseKey: order.releaseKey,
  });
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const files = { ...provisioned.files, comb: combTable() };
  installTerminal(unfinished, { ...provisioned, files });
  renameSync(unfinished, folder);
}

type Identity = { epoch: number; publicKey: Uint8Array };

function identityOf(folder: string): Identity {
  const opened = openTerminalFolder(folder);
  opened.close();
  const read = readSettings(
    { read: (name, offset, length) => opened.files[name]?.slice(offset, offset + length) },
    nodePrimitives.sha256,
  );
  if (!read.ok) throw new Error(`office: ${folder}: ${read.fault}`);
  return { epoch: read.settings.epoch, publicKey: read.settings.publicKey };
}

/** The till first: what the office registers has none until the bursar sets it. */
async function register(ledger: Ledger, counter: Counter, identity: Identity): Promise<void> {
  const { id, name, till } = counter;
  await ledger.client.execute({
    sql: "insert or ignore into terminal(id, name, till, epoch) values(?, ?, ?, 0)",
    args: [id, name, JSON.stringify(till)],
  });
  const { epoch, publicKey } = identity;
  const order = { terminal: id, epoch, name, publicKey: toHex(publicKey) };
  const result = await registerTerminal(ledger, order, Math.floor(Date.now() / 1000));
  if (!result.ok)
    throw new Error(`office: terminal ${id}, epoch ${epoch}: ${result.reason}: start with --fresh`);
}
