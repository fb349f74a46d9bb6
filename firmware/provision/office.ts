// `npm run provision -- --terminal 3 ...`: makes the keys, nonces and settings of one terminal into a folder, says how
// its public key gets into the ledger, and what to do next. Terminals that were provisioned before get a new epoch.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { folderOf, lastEpoch, writeBoxFolder } from "./box-folder.ts";
import { provisionTerminal } from "./provision.ts";

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
};
/** sql: what the school's ledger must be told, by its one writer. */
export type Made = { folder: string; epoch: number; publicKey: Bytes; sql: string };

/** The terminal makes more by itself; these last for its first hours. */
const NONCES = 300;
const NONCES_MAX = 1151;
const SECRET_BYTES_MIN = 32;

export function provisionBox(order: OfficeOrder): Made {
  const epoch = order.epoch || lastEpoch(order.out, order.terminal) + 1;
  const { school, terminal, sealSecret, broker, nonces } = order;
  const wifi = order.wifi ? { wifi: order.wifi } : {};
  const ordered = { school, terminal, epoch, sealSecret, broker, nonces, ...wifi };
  const folder = folderOf(order.out, terminal, epoch);
  const provisioned = provisionTerminal(ordered);
  writeBoxFolder(folder, ordered, provisioned);
  const { publicKey } = provisioned;
  return { folder, epoch, publicKey, sql: registration(order, epoch, publicKey) };
}

/** Harmless when done twice. A terminal that is new has no till yet: nothing is sold until the bursar has set one. The old
 * epoch's key stays, because it proves old tokens. */
function registration(order: OfficeOrder, epoch: number, publicKey: Bytes): string {
  const name = order.name.replaceAll("'", "''");
  return [
    "begin immediate;",
    `insert or ignore into terminal(id, name, till, epoch) values(${order.terminal}, '${name}', '${TILL}', ${epoch});`,
    `update terminal set epoch = ${epoch} where id = ${order.terminal} and epoch < ${epoch};`,
    `insert or ignore into terminal_key values(${order.terminal}, ${epoch}, x'${toHex(publicKey)}', unixepoch());`,
    "commit;",
  ].join("\n");
}

const TILL = JSON.stringify({ language: "fr", soup: 0, keys: [], graceCents: 0 });

const USAGE = `provision: SEAL_SECRET=... npm run provision -- --terminal N --name NAME --school SLUG --broker HOST:PORT
       [--wifi-name NAME --wifi-password-file FILE] [--epoch E] [--nonces 300] [--out .obole/boxes]
       SEAL_SECRET is the Worker's, in hex. --epoch: higher than the ledger's, when its folder is not here.`;

function readOrder(): OfficeOrder | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      terminal: text,
      name: text,
      school: text,
      broker: text,
      "wifi-name": text,
      "wifi-password-file": text,
      epoch: text,
      nonces: text,
      out: text,
    },
  });
  const [host = "", port = "1883"] = (values.broker ?? "").split(":");
  const sealSecret = fromHex(process.env["SEAL_SECRET"] ?? "");
  const order = {
    out: values.out ?? ".obole/boxes",
    school: values.school ?? "",
    terminal: Number(values.terminal),
    name: values.name ?? `Terminal ${values.terminal}`,
    sealSecret,
    broker: { host, port: Number(port) },
    epoch: Number(values.epoch ?? 0),
    nonces: Number(values.nonces ?? NONCES),
  };
  const isWhole =
    order.terminal > 0 && order.nonces > 0 && order.nonces <= NONCES_MAX && order.school && host;
  if (!isWhole || sealSecret.length < SECRET_BYTES_MIN) return undefined;
  const file = values["wifi-password-file"];
  const password = file ? readFileSync(file, "utf8").trim() : "";
  const wifi = values["wifi-name"];
  return wifi ? { ...order, wifi: { name: wifi, password } } : order;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const order = readOrder();
  if (!order) {
    console.error(USAGE);
    process.exit(2);
  }
  const made = provisionBox(order);
  console.log(`provision: terminal ${order.terminal}, epoch ${made.epoch}: ${made.folder}
public key ${toHex(made.publicKey)}

1. Tell the ledger, with its Worker stopped (it has one writer), for example: turso db shell NAME < FILE

${made.sql}

2. Put it on the box:   npm run flash -- --from ${made.folder} --port /dev/ttyUSB0
3. Delete the folder:   it is all that a copy of the box needs.`);
}
