// The three acts of an import: a file is kept as it was sent, then confirmed or given up. What is confirmed is what was
// shown: the plan is made again within the ledger's turn, and nothing is written when it has become another.

import type { Client } from "@libsql/client/web";
import { sha256 } from "#edge/crypto.ts";
import { hexOf } from "#edge/hex.ts";
import { prepareCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { commit, inTurn } from "#edge/ledger/ledger.ts";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { audit } from "../audit.ts";
import type { Plan } from "./plan.ts";
import { planImport } from "./plan.ts";
import type { ReadFile } from "./read-file.ts";
import { readFile } from "./read-file.ts";
import { readRoll } from "./roll.ts";
import type { Counts } from "./write-plan.ts";
import { rowsOf, walletsOf } from "./write-plan.ts";

export const IMPORT_BYTES_MAX = 2 * 1024 * 1024;
const NAME_LENGTH_MAX = 200;
/** A file that nobody confirms is not kept for ever. */
const STAGED_SECONDS = 7 * 24 * 3600;

/** import: an id that the form has made. year: 2026 is 2026-2027. */
export type StageImport = {
  kind: "stageImport";
  import: string;
  name: string;
  year: number;
  content: Bytes;
};
/** plan: its fingerprint, as it was shown. leavers: students who are not in the file; unlinks: guardians who are not. */
export type ConfirmImport = {
  kind: "confirmImport";
  import: string;
  plan: string;
  leavers: number[];
  unlinks: [person: number, student: number][];
};
export type DiscardImport = { kind: "discardImport"; import: string };
type Asked = { by: number; at: number };
export type ImportRefusal = "too-large" | "bad-year" | "unknown-import" | "over" | "plan-changed";
type Result = { ok: true } | { ok: false; reason: ImportRefusal };

/** An import as the pages show it. counts: of a confirmed one. */
export type Import = {
  id: string;
  name: string;
  year: number;
  author: string;
  at: number;
  state: "staged" | "confirmed" | "discarded";
  counts: Counts | undefined;
};
export type Preview = { of: Import; file: ReadFile; plan: Plan; fingerprint: string };

export function stageImport(ledger: Ledger, act: Asked & StageImport): Promise<Result> {
  return inTurn(ledger, async () => {
    if (act.content.length > IMPORT_BYTES_MAX) return refuse("too-large");
    const years = await ledger.client.execute("select max(year) as year from school_year");
    const year = numberIn(years.rows[0], "year");
    if (act.year !== year && act.year !== year + 1) return refuse("bad-year");
    const name = act.name.slice(0, NAME_LENGTH_MAX);
    const hash = sha256(act.content);
    const { by, at, content } = act;
    const id = act.import;
    const known = await ledger.client.execute({
      sql: "select hash from register_import where id = ?",
      args: [id],
    });
    if (known.rows.length) return { ok: true };
    await ledger.client.batch(
      [
        {
          sql: `update register_import set state = 'discarded', ended_at = ?1, content = x''
            where state = 'staged' and at < ?1 - ${STAGED_SECONDS}`,
          args: [at],
        },
        {
          sql: `insert into register_import(id, name, hash, year, author, at, content)
            values(?, ?, ?, ?, ?, ?, ?)`,
          args: [id, name, hash, act.year, by, at, content],
        },
        audit({
          author: by,
          at,
          action: "register.stage",
          subject: `import/${id}`,
          after: { name, year: act.year, sha256: hexOf(hash) },
        }),
      ],
      "write",
    );
    return { ok: true };
  });
}

export function confirmImport(ledger: Ledger, act: Asked & ConfirmImport): Promise<Result> {
  return inTurn(ledger, async () => {
    const shown = await readPreview(ledger.client, act.import);
    if (!shown) return refuse("unknown-import");
    if (shown.of.state === "confirmed") return { ok: true };
    if (shown.of.state === "discarded") return refuse("over");
    if (shown.fingerprint !== act.plan) return refuse("plan-changed");
    const { plan } = shown;
    const missing = new Set(plan.missing.map(({ id }) => id));
    const unlisted = new Set(plan.unlisted.map((one) => `${one.person}/${one.student}`));
    const done = {
      ...act,
      leavers: act.leavers.filter((student) => missing.has(student)),
      unlinks: act.unlinks.filter((pair) => unlisted.has(pair.join("/"))),
    };
    const wallets = walletsOf(plan, done, await readAuthor(ledger.client, act.by));
    const { batch, results } = await prepareCommands(ledger, wallets, act.at * 1000);
    const accounts = results.map((result, i) => {
      if (!result.ok) throw new Error(`import: ${wallets[i]?.id} was refused: ${result.reason}`);
      return result.account;
    });
    batch.also.push(...rowsOf(plan, accounts, done));
    await commit(ledger, batch);
    return { ok: true };
  });
}

export function discardImport(ledger: Ledger, act: Asked & DiscardImport): Promise<Result> {
  return inTurn(ledger, async () => {
    const found = await readImports(ledger.client, act.import);
    const [one] = found;
    if (!one) return refuse("unknown-import");
    if (one.state !== "staged") return one.state === "discarded" ? { ok: true } : refuse("over");
    const { by, at } = act;
    await ledger.client.batch(
      [
        {
          sql: `update register_import set state = 'discarded', ended_at = ?, content = x''
            where id = ?`,
          args: [at, act.import],
        },
        audit({ author: by, at, action: "register.discard", subject: `import/${act.import}` }),
      ],
      "write",
    );
    return { ok: true };
  });
}

/** Commands name their author as all others do, by username. */
async function readAuthor(client: Client, person: number): Promise<string> {
  const found = await client.execute({
    sql: "select username from person where id = ?",
    args: [person],
  });
  return textIn(found.rows[0], "username");
}

const refuse = (reason: ImportRefusal): Result => ({ ok: false, reason });

/** The newest imports; with an id that one, or none. */
export async function readImports(client: Client, id?: string): Promise<Import[]> {
  const found = await client.execute({
    sql: `select i.id, i.name, i.year, i.at, i.state, i.counts, p.name as author
      from register_import i join person p on p.id = i.author
      where ?1 = '' or i.id = ?1 order by i.at desc limit 20`,
    args: [id ?? ""],
  });
  return found.rows.map((row) => ({
    id: textIn(row, "id"),
    name: textIn(row, "name"),
    year: numberIn(row, "year"),
    author: textIn(row, "author"),
    at: numberIn(row, "at"),
    state: textIn(row, "state") as Import["state"],
    counts: row["counts"] ? (JSON.parse(textIn(row, "counts")) as Counts) : undefined,
  }));
}

/** What a file would change now; undefined when there is no such import. */
export async function readPreview(client: Client, id: string): Promise<Preview | undefined> {
  const [of] = await readImports(client, id);
  if (!id || !of) return undefined;
  const kept = await client.execute({
    sql: "select content from register_import where id = ?",
    args: [id],
  });
  const file = readFile(bytesIn(kept.rows[0], "content"), of.year);
  const plan = planImport(file, await readRoll(client, of.year), of.year);
  const fingerprint = hexOf(sha256(JSON.stringify(plan)));
  return { of, file, plan, fingerprint };
}
