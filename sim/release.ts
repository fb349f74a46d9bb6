// `npm run release -- --version 4 --key release.key --ledger URL`: builds the firmware, signs it with the office's Ed25519
// key (made if the file is not there) and puts it into the ledger, from where the gateway brings it to the terminals.
// One row, never changed, that no money hangs on: the gateway may run meanwhile.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createClient } from "@libsql/client/web";
import { digestOfScript, signedRelease } from "#edge/releases.ts";
import { fromLatin1 } from "#protocol/bytes.ts";
import { buildFirmware } from "#firmware/build.ts";

const { values } = parseArgs({
  options: {
    version: { type: "string" },
    key: { type: "string", default: "release.key" },
    ledger: { type: "string", default: "http://127.0.0.1:4402" },
  },
});
const version = Number(values.version);
if (!Number.isInteger(version) || version < 1)
  throw new Error(`release: --version ${values.version} is not a number from 1 on`);
if (!existsSync(values.key)) {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  writeFileSync(values.key, pem, { mode: 0o600 });
}
const key = createPrivateKey(readFileSync(values.key));
const script = fromLatin1((await buildFirmware()).code);
const digest = digestOfScript(script);
const signature = sign(null, signedRelease(version, digest), key);
const authToken = process.env["LEDGER_TOKEN"];
const client = createClient(authToken ? { url: values.ledger, authToken } : { url: values.ledger });
await client.execute({
  sql: "insert into release values(?, ?, ?, ?, unixepoch())",
  args: [version, script, digest, new Uint8Array(signature)],
});
const x = createPublicKey(key).export({ format: "jwk" }).x ?? "";
console.log(`release ${version}: ${script.length} bytes, signed and in the ledger`);
console.log(`the gateway needs RELEASE_KEY=${Buffer.from(x, "base64url").toString("hex")}`);
