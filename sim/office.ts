// The school's office: provisions the virtual terminals of the demonstration and registers their
// public keys. Each keeps its files and flash in a folder of its own; one that the ledger knows and
// we have lost gets a new epoch.

import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@libsql/client/web";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { readSettings } from "#firmware/settings.ts";
import { fromHex } from "#protocol/bytes.ts";
import { nodePrimitives } from "./primitives.ts";
import type { Counter } from "./school.ts";
import { installTerminal, openTerminalFolder } from "./terminal-folder.ts";

/** Each entry uses one up. A demonstration sells less. */
const NONCES = 1_150;

export type OfficeOrder = {
  school: string;
  sealSecret: string;
  broker: { host: string; port: number };
  counters: Counter[];
  /** Each terminal is kept in a folder of this one, by its number. */
  folder: string;
};

/** Returns the folder of each counter's terminal, registered and ready to be switched on. */
export async function equipCounters(client: Client, order: OfficeOrder): Promise<string[]> {
  const registered = await client.execute("select id, epoch from terminal");
  const epochs = new Map(registered.rows.map((row) => [Number(row["id"]), Number(row["epoch"])]));
  const folders: string[] = [];
  for (const counter of order.counters) {
    const folder = join(order.folder, String(counter.id));
    if (!existsSync(folder)) provision(folder, counter, (epochs.get(counter.id) ?? 0) + 1, order);
    await register(client, counter, identityOf(folder));
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
  });
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  installTerminal(unfinished, provisioned);
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

async function register(client: Client, counter: Counter, identity: Identity): Promise<void> {
  const { id, name, till } = counter;
  const { epoch, publicKey } = identity;
  await client.batch(
    [
      {
        sql: "insert or ignore into terminal(id, name, till, epoch) values(?, ?, ?, ?)",
        args: [id, name, JSON.stringify(till), epoch],
      },
      { sql: "update terminal set epoch = ? where id = ? and epoch < ?", args: [epoch, id, epoch] },
      {
        sql: "insert or ignore into terminal_key values(?, ?, ?, unixepoch())",
        args: [id, epoch, publicKey],
      },
    ],
    "write",
  );
  const found = await client.execute({
    sql: "select 1 from terminal_key where terminal = ? and epoch = ? and public_key = ?",
    args: [id, epoch, publicKey],
  });
  if (!found.rows.length)
    throw new Error(
      `office: the ledger knows another key for terminal ${id}, epoch ${epoch}: start with --fresh`,
    );
}
