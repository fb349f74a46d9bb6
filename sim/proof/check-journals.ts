// The terminals' journals: each epoch gapless from 1, each token signed by the key registered for it, naming the hash of
// the one before, and saying what its row says.

import type { KeyObject } from "node:crypto";
import type { RowOf } from "./export-format.ts";
import { keyOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import type { Said, SignedToken } from "./signed-token.ts";
import { bytesOf, hex, isSignedBy, publicKeyOf, readToken, sha256 } from "./signed-token.ts";

/** So many signatures are checked side by side. */
const CHECKS_MAX = 2000;
const NO_HASH = "00".repeat(32);

/** An entry with what its token says. */
export type Heard = { entry: RowOf<"entry">; said: Said };

/** What the tokens that can be read say, in the order of the rows. */
export async function checkJournals(books: Books, report: Report): Promise<Heard[]> {
  const keys = new Map<string, KeyObject>();
  for (const { terminal, epoch, public_key: key } of books.terminal_key)
    keys.set(`${terminal}/${epoch}`, publicKeyOf(key));
  checkKeys(books, report);
  // The gateway books a token on a later one's word, checks its own signature afterwards, and keeps what fails.
  const known = new Set(
    books.quarantine.filter((row) => row.reason === "booked-unsigned").map((row) => row.hash),
  );
  const heard: Heard[] = [];
  const checks: Promise<void>[] = [];
  let before = { chain: "", seq: 0, hash: NO_HASH };
  for (const entry of books.entry) {
    const chain = `${entry.terminal}/${entry.epoch}`;
    if (chain !== before.chain) before = { chain, seq: 0, hash: NO_HASH };
    const token = checkToken(entry, before, report);
    if (token) {
      heard.push({ entry, said: token.said });
      if (!known.has(entry.hash))
        checks.push(checkSignature(entry, token, keys.get(chain), report));
      if (checks.length === CHECKS_MAX) await Promise.all(checks.splice(0));
    }
    before = { chain, seq: entry.seq, hash: entry.hash };
  }
  await Promise.all(checks);
  return heard;
}

async function checkSignature(
  entry: RowOf<"entry">,
  token: SignedToken,
  key: KeyObject | undefined,
  report: Report,
): Promise<void> {
  const at = keyOf("entry", entry);
  if (!key) report("entry", at, "no key is registered for its epoch");
  else if (!(await isSignedBy(token, key)))
    report("entry", at, "its signature is not by the terminal's key");
}

function checkToken(
  entry: RowOf<"entry">,
  before: { seq: number; hash: string },
  report: Report,
): SignedToken | undefined {
  const at = keyOf("entry", entry);
  const bytes = bytesOf(entry.token);
  if (hex(sha256(bytes)) !== entry.hash) report("entry", at, "its hash is not that of its token");
  if (entry.seq !== before.seq + 1) report("entry", at, `expected seq ${before.seq + 1}`);
  const token = readToken(bytes);
  if (!token) {
    report("entry", at, "its token cannot be read");
    return undefined;
  }
  const { said } = token;
  if (said.prev !== before.hash)
    report("entry", at, `its token does not follow entry ${before.seq} of its journal`);
  checkRow(entry, said, at, report);
  return token;
}

/** The columns beside the token repeat what it says. */
function checkRow(entry: RowOf<"entry">, said: Said, at: string, report: Report): void {
  const isMoney = said.kind === "purchase" || said.kind === "void";
  const expected = {
    terminal: said.terminal,
    epoch: said.epoch,
    seq: said.seq,
    kind: said.kind,
    student: said.student,
    total: isMoney ? said.totalCents : 0,
    at: said.time,
  };
  for (const [column, value] of Object.entries(expected))
    if (entry[column as keyof typeof expected] !== value)
      report("entry", at, `${column} ${entry[column as keyof typeof expected]}, token: ${value}`);
}

/** A key came in by a command, which says the same key. */
function checkKeys(books: Books, report: Report): void {
  const bodies = new Map(books.command.map(({ id, body }) => [id, body]));
  for (const { terminal, epoch, public_key: key } of books.terminal_key) {
    const body = bodies.get(`registerTerminal/${terminal}/${epoch}`);
    const asked = body === undefined ? key : (JSON.parse(body) as { publicKey: string }).publicKey;
    if (asked !== key)
      report("terminal_key", `${terminal}/${epoch}`, "is not the key that its command registered");
  }
}
