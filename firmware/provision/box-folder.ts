// What `npm run provision` makes for one terminal and one epoch, and `npm run flash` puts on the box: a folder that is
// as secret as the box itself. It is made once, and never for the same epoch again.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { combTable } from "./comb-table.ts";
import type { ProvisionedTerminal, TerminalOrder } from "./provision.ts";

/** flashed: when its keys went on a box, and never may again; empty before. */
export type BoxFolder = {
  school: string;
  terminal: number;
  name: string;
  epoch: number;
  publicKey: string;
  burnMap: Bytes;
  files: { [name: string]: Bytes };
  flashed: string;
};

/** Without "release" the box takes no newer firmware. */
const FILES = ["settings", "table", "pool", "comb", "release"];
const ONLY_OWNER = 0o700;
const ONLY_OWNER_FILE = 0o600;

export const folderOf = (out: string, terminal: number, epoch: number): string =>
  join(out, `terminal-${terminal}`, `epoch-${epoch}`);

/** The highest epoch that has a folder, 0 without any. */
export function lastEpoch(out: string, terminal: number): number {
  const folder = join(out, `terminal-${terminal}`);
  if (!existsSync(folder)) return 0;
  const epochs = readdirSync(folder).map((name) => Number(/^epoch-(\d+)$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...epochs);
}

/** Throws when the epoch has a folder already: its nonces may be in use. */
export function writeBoxFolder(
  folder: string,
  order: TerminalOrder & { name: string },
  provisioned: ProvisionedTerminal,
): void {
  if (existsSync(folder)) throw new Error(`provision: ${folder} exists: take a new epoch`);
  const unfinished = `${folder}.unfinished`;
  mkdirSync(unfinished, { recursive: true, mode: ONLY_OWNER });
  chmodSync(unfinished, ONLY_OWNER);
  const files: { [name: string]: Bytes | string } = {
    ...provisioned.files,
    comb: combTable(),
    "burn-map": provisioned.burnMap,
    "terminal.json": JSON.stringify(
      {
        school: order.school,
        terminal: order.terminal,
        name: order.name,
        epoch: order.epoch,
        publicKey: toHex(provisioned.publicKey),
      },
      null,
      2,
    ),
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(unfinished, name), content, { mode: ONLY_OWNER_FILE });
  renameSync(unfinished, folder);
}

export function readBoxFolder(folder: string): BoxFolder {
  const read = (file: string): Bytes => new Uint8Array(readFileSync(join(folder, file)));
  const { school, terminal, name, epoch, publicKey } = JSON.parse(
    readFileSync(join(folder, "terminal.json"), "utf8"),
  ) as Pick<BoxFolder, "school" | "terminal" | "name" | "epoch" | "publicKey">;
  const mark = join(folder, "flashed");
  return {
    school,
    terminal,
    name,
    epoch,
    publicKey,
    burnMap: read("burn-map"),
    files: Object.fromEntries(
      FILES.filter((file) => existsSync(join(folder, file))).map((file) => [file, read(file)]),
    ),
    flashed: existsSync(mark) ? readFileSync(mark, "utf8") : "",
  };
}

/** Of keys that nobody was told of. Throws when they went on a box all the same. */
export function removeUnused(folder: string): void {
  if (existsSync(join(folder, "flashing"))) throw new Error(`provision: ${folder} is on a box`);
  rmSync(folder, { recursive: true });
}

/** Before the first byte goes out: what fails may be done again, but on this box only. Throws on another one, because two
 * boxes with the same nonces would give the key away. */
export function markFlashing(folder: string, serial: string): void {
  const mark = join(folder, "flashing");
  if (!existsSync(mark)) writeFileSync(mark, serial, { mode: ONLY_OWNER_FILE, flag: "wx" });
  const begun = readFileSync(mark, "utf8");
  if (begun !== serial)
    throw new Error(`flash: these keys began to go on box ${begun}, and this is ${serial}`);
}

/** When all is on the box but what makes it start. */
export function markFlashed(folder: string, when: Date): void {
  writeFileSync(join(folder, "flashed"), when.toISOString(), { mode: ONLY_OWNER_FILE, flag: "wx" });
}
