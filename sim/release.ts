// `npm run release -- --version 4 [--minimum 3] --key release.key --ledger URL`: builds the firmware, signs it with the
// office's Ed25519 key (made if the file is not there) and puts it into the ledger, from where the gateway brings it to the
// terminals. One row, never changed, that no money hangs on: the gateway may run meanwhile.

import { parseArgs } from "node:util";
import { createClient } from "@libsql/client/web";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import { buildFirmware } from "#firmware/build.ts";
import { announce, openReleaseKey, publicKeyOf } from "./signed-release.ts";

const { values } = parseArgs({
  options: {
    version: { type: "string" },
    minimum: { type: "string", default: "0" },
    key: { type: "string", default: "release.key" },
    ledger: { type: "string", default: "http://127.0.0.1:4402" },
  },
});
const version = Number(values.version);
if (!Number.isInteger(version) || version < 1)
  throw new Error(`release: --version ${values.version} is not a number from 1 on`);
const minimum = Number(values.minimum);
if (!Number.isInteger(minimum) || minimum < 0 || minimum > version)
  throw new Error(`release: --minimum ${values.minimum} is not a number from 0 to ${version}`);
const key = openReleaseKey(values.key);
// The version stands in its last line, so that no two releases are the same bytes.
const script = fromLatin1(`${(await buildFirmware()).code}//${version}`);
const { sha256, signature } = announce(key, version, script, minimum);
const authToken = process.env["LEDGER_TOKEN"];
const client = createClient(authToken ? { url: values.ledger, authToken } : { url: values.ledger });
await client.execute({
  sql: `insert into release(version, minimum, script, sha256, signature, released_at)
    values(?, ?, ?, ?, ?, unixepoch())`,
  args: [version, minimum, script, sha256, signature],
});
console.log(
  `release ${version}: ${script.length} bytes, hash ${toHex(sha256)}, signed and in the ledger`,
);
console.log(`gateway and terminals need RELEASE_KEY=${toHex(publicKeyOf(key))}`);
