// `npm run provision -- --terminal 3 --url URL ...`: makes the keys, nonces and settings of one terminal into a folder,
// tells the school's Worker the public key, and says what to do next. Terminals that were provisioned before get a new
// epoch. What failed on the way to the Worker is sent again with --register FOLDER.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { BoxFolder } from "./box-folder.ts";
import { folderOf, lastEpoch, readBoxFolder, removeUnused, writeBoxFolder } from "./box-folder.ts";
import { NONCES_MAX, provisionTerminal } from "./provision.ts";
import { register } from "./register.ts";

export type OfficeOrder = {
  out: string;
  school: string;
  terminal: number;
  name: string;
  sealSecret: Bytes;
  broker: { host: string; port: number };
  wifi?: { name: string; password: string };
  /** Higher than any before; 0 takes the next after those that have a folder. */
  epoch: number;
  nonces: number;
  /** 32 bytes: who may sign newer firmware for it. */
  releaseKey?: Bytes;
};
export type Made = { folder: string; epoch: number; publicKey: Bytes };

const SECRET_BYTES_MIN = 32;

/** Makes the folder; nobody is told yet. */
export function provisionBox(order: OfficeOrder): Made {
  const epoch = order.epoch || lastEpoch(order.out, order.terminal) + 1;
  const { school, terminal, name, sealSecret, broker, nonces } = order;
  const { wifi, releaseKey } = order;
  const wanted = { ...(wifi && { wifi }), ...(releaseKey && { releaseKey }) };
  const ordered = { school, terminal, epoch, sealSecret, broker, nonces, ...wanted };
  const folder = folderOf(order.out, terminal, epoch);
  const provisioned = provisionTerminal(ordered);
  writeBoxFolder(folder, { ...ordered, name }, provisioned);
  return { folder, epoch, publicKey: provisioned.publicKey };
}

/** Makes the folder and registers it; like: the terminal whose till a new one takes. A ledger that knows later epochs
 * than the folders here gets the next. */
export async function provisionAndRegister(
  order: OfficeOrder,
  url: string,
  like?: number,
): Promise<Made> {
  const made = provisionBox(order);
  const box = readBoxFolder(made.folder);
  const result = await register(url, order.sealSecret, box, like).catch((error) => {
    throw new Error(`provision: once it answers: --register ${made.folder}`, { cause: error });
  });
  if (result.ok) return made;
  removeUnused(made.folder);
  if (result.reason !== "old-epoch" && result.reason !== "other-key")
    throw new Error(`provision: the Worker refuses the key: ${result.reason}`);
  return provisionAndRegister({ ...order, epoch: result.last + 1 }, url, like);
}

const USAGE = `provision: SEAL_SECRET=... npm run provision -- --url URL --terminal N --name NAME --school SLUG
       --broker HOST:PORT [--wifi-name NAME --wifi-password-file FILE] [--like M] [--nonces ${NONCES_MAX}] [--out .obole/boxes]
       npm run provision -- --url URL --register FOLDER: tells the Worker of a folder that it does not know yet.
       --like: a terminal that is new sells what terminal M does; else nothing, until its till is set in the ledger.
       URL is the Worker's, SEAL_SECRET is the one that it has, in hex. RELEASE_KEY, too, in hex: who may sign newer
       firmware for this box; nobody without it.`;

const text = { type: "string" } as const;
const OPTIONS = {
  url: text,
  register: text,
  like: text,
  terminal: text,
  name: text,
  school: text,
  broker: text,
  "wifi-name": text,
  "wifi-password-file": text,
  nonces: text,
  out: text,
};
type Words = { [option in keyof typeof OPTIONS]?: string | undefined };

/** Undefined when something is missing or wrong. */
function readOrder(words: Words, sealSecret: Bytes): OfficeOrder | undefined {
  const [host = "", port = "1883"] = (words.broker ?? "").split(":");
  const order = {
    out: words.out ?? ".obole/boxes",
    school: words.school ?? "",
    terminal: Number(words.terminal),
    name: words.name ?? `Terminal ${words.terminal}`,
    sealSecret,
    broker: { host, port: Number(port) },
    epoch: 0,
    nonces: Number(words.nonces ?? NONCES_MAX),
    ...(process.env["RELEASE_KEY"] && { releaseKey: fromHex(process.env["RELEASE_KEY"]) }),
  };
  const { terminal, nonces, school } = order;
  if (!(terminal > 0 && nonces > 0 && nonces <= NONCES_MAX && school && host)) return undefined;
  const file = words["wifi-password-file"];
  const password = file ? readFileSync(file, "utf8").trim() : "";
  const wifi = words["wifi-name"];
  return wifi ? { ...order, wifi: { name: wifi, password } } : order;
}

async function registerFolder(
  url: string,
  sealSecret: Bytes,
  folder: string,
  like: number | undefined,
): Promise<void> {
  const box: BoxFolder = readBoxFolder(folder);
  const result = await register(url, sealSecret, box, like);
  if (!result.ok) throw new Error(`provision: the Worker refuses ${folder}: ${result.reason}`);
  const known = result.replayed ? "was known already" : "is registered";
  console.log(`provision: terminal ${box.terminal}, epoch ${box.epoch} ${known}`);
}

async function main(): Promise<void> {
  const words: Words = parseArgs({ options: OPTIONS }).values;
  const sealSecret = fromHex(process.env["SEAL_SECRET"] ?? "");
  const like = words.like ? Number(words.like) : undefined;
  const isKnown = words.url && sealSecret.length >= SECRET_BYTES_MIN;
  if (isKnown && words.url && words.register)
    return registerFolder(words.url, sealSecret, words.register, like);
  const order = isKnown ? readOrder(words, sealSecret) : undefined;
  if (!order || !words.url) {
    console.error(USAGE);
    process.exit(2);
  }
  const made = await provisionAndRegister(order, words.url, like);
  console.log(`provision: terminal ${order.terminal}, epoch ${made.epoch}: ${made.folder}
public key ${toHex(made.publicKey)}, known to ${words.url}

1. Put it on the box:   npm run flash -- --from ${made.folder} --port /dev/ttyUSB0
2. Delete the folder:   it is all that a copy of the box needs.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
