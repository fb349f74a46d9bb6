// What provisioning wrote into the box: who it is, where its broker is, and its keys. Read once at
// the start; provision/provision.ts on the host writes it. File "settings": magic (4) | length (4)
// | check (4) | CBOR map.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, readU32, writeU32 } from "#protocol/bytes.ts";
import type { Value, ValueMap } from "#protocol/cbor.ts";
import { decode, encode } from "#protocol/cbor.ts";
import type { SealKeys } from "#protocol/seal.ts";
import type { Board } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { checkOf, isSame } from "./flash.ts";
import type { SignerKeys } from "./signer.ts";
import { TABLE_WORDS } from "./signer.ts";

/** wifi: name and password, both empty on a box with a cable. tableHash: SHA-256 of the file
 * "table". challengeSecret: 32 bytes from which the random numbers for cards follow. */
export type Settings = {
  school: string;
  terminal: number;
  epoch: number;
  host: string;
  port: number;
  username: string;
  password: string;
  wifi: { name: string; password: string };
  sealUp: SealKeys;
  sealDown: SealKeys;
  publicKey: Bytes;
  nonceSeed: Bytes;
  tableHash: Bytes;
  challengeSecret: Bytes;
};
export type SettingsFault =
  | "settings-missing"
  | "settings-damaged"
  | "table-missing"
  | "table-damaged";
export type ReadSettings =
  | { ok: true; settings: Settings; signerKeys: SignerKeys }
  | { ok: false; fault: SettingsFault };

const MAGIC = 0x4f425331;
const HEADER_BYTES = 12;
const SETTINGS_BYTES_MAX = 1024;
const FIELDS = 17;

export function encodeSettings(sha256: Sha256, settings: Settings): Bytes {
  const map: ValueMap = {};
  map[1] = settings.school;
  map[2] = settings.terminal;
  map[3] = settings.epoch;
  map[4] = settings.host;
  map[5] = settings.port;
  map[6] = settings.username;
  map[7] = settings.password;
  map[8] = settings.wifi.name;
  map[9] = settings.wifi.password;
  map[10] = settings.sealUp.cipher;
  map[11] = settings.sealUp.mac;
  map[12] = settings.sealDown.cipher;
  map[13] = settings.sealDown.mac;
  map[14] = settings.publicKey;
  map[15] = settings.nonceSeed;
  map[16] = settings.tableHash;
  map[17] = settings.challengeSecret;
  const body = encode(map, SETTINGS_BYTES_MAX);
  const header = new Uint8Array(HEADER_BYTES);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, body.length);
  writeU32(header, 8, checkOf(sha256, body));
  return concat([header, body]);
}

/** Reads the files "settings" and "table"; the keys come apart, so that only the signer is handed
 * the private ones. */
export function readSettings(files: Board["files"], sha256: Sha256): ReadSettings {
  const header = files.read("settings", 0, HEADER_BYTES);
  if (!header) return { ok: false, fault: "settings-missing" };
  const settings = settingsOf(files, sha256, header);
  if (!settings) return { ok: false, fault: "settings-damaged" };
  const table = files.read("table", 0, TABLE_WORDS * 4);
  if (!table) return { ok: false, fault: "table-missing" };
  if (!isSame(sha256(table), settings.tableHash)) return { ok: false, fault: "table-damaged" };
  return {
    ok: true,
    settings: settings,
    signerKeys: {
      publicKey: settings.publicKey,
      nonceSeed: settings.nonceSeed,
      epoch: settings.epoch,
      table: new Int32Array(table.buffer, table.byteOffset, TABLE_WORDS),
    },
  };
}

function settingsOf(files: Board["files"], sha256: Sha256, header: Bytes): Settings | undefined {
  if (header.length !== HEADER_BYTES || readU32(header, 0) !== MAGIC) return undefined;
  const length = readU32(header, 4);
  if (length > SETTINGS_BYTES_MAX) return undefined;
  const body = files.read("settings", HEADER_BYTES, length);
  if (!body || body.length !== length || checkOf(sha256, body) !== readU32(header, 8))
    return undefined;
  const map: Value = decode(body);
  return Object.keys(map).length === FIELDS ? settingsOfMap(map as ValueMap) : undefined;
}

function settingsOfMap(map: ValueMap): Settings {
  return {
    school: map[1] as string,
    terminal: map[2] as number,
    epoch: map[3] as number,
    host: map[4] as string,
    port: map[5] as number,
    username: map[6] as string,
    password: map[7] as string,
    wifi: { name: map[8] as string, password: map[9] as string },
    sealUp: { cipher: map[10] as Bytes, mac: map[11] as Bytes },
    sealDown: { cipher: map[12] as Bytes, mac: map[13] as Bytes },
    publicKey: map[14] as Bytes,
    nonceSeed: map[15] as Bytes,
    tableHash: map[16] as Bytes,
    challengeSecret: map[17] as Bytes,
  };
}
