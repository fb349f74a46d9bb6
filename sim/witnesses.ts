// What a bystander at the counters of a test has seen and heard, written down and on the disk before anything else
// happens; and whether the ledger says the same, sale by sale and in the same order.

import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Client } from "@libsql/client/web";
import { bytesIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { decodeToken } from "#protocol/token.ts";

/** certain: it beeped, so it must be in the ledger. Otherwise the power went in the middle, and it may be. cents is
 * undefined when nobody could read the display. */
export type Witnessed = {
  kind: "purchase" | "void";
  uid: string;
  certain: boolean;
  cents: number | undefined;
};

/** no: the number of this observation; the same again tells it more exactly. */
type Written = Witnessed & { terminal: number; no: number };

export type WitnessBook = {
  note(terminal: number, seen: Witnessed): number;
  amend(no: number, seen: Partial<Witnessed>): void;
  close(): void;
};

/** A line of JSON for each observation, forced to the disk. */
export function openWitnessBook(path: string): WitnessBook {
  const file = openSync(path, "a");
  const known: Written[] = [];
  const write = (line: Written): void => {
    writeSync(file, JSON.stringify(line) + "\n");
    fsyncSync(file);
    known[line.no] = line;
  };
  return {
    note(terminal, seen) {
      write({ ...seen, terminal, no: known.length });
      return known.length - 1;
    },
    amend(no, seen) {
      const before = known[no];
      if (!before) throw new Error(`witness book: nothing was noted as ${no}`);
      write({ ...before, ...seen });
    },
    close: () => closeSync(file),
  };
}

/** By terminal, in the order in which it was seen. */
export function readWitnessBook(path: string): Map<number, Witnessed[]> {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  const newest = new Map<number, Written>();
  for (const line of lines) {
    const written = JSON.parse(line) as Written;
    newest.set(written.no, written);
  }
  return Map.groupBy(newest.values(), ({ terminal }) => terminal);
}

/** All entries of one terminal, in the order of its journal. */
export async function readEntries(client: Client, terminal: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await client.execute({
      sql: "select token from entry where terminal = ? and seq > ? order by seq limit 5000",
      args: [terminal, entries.length],
    });
    if (!page.rows.length) return entries;
    for (const row of page.rows) {
      const decoded = decodeToken(bytesIn(row, "token"));
      if (!decoded.ok) throw new Error(`audit: terminal ${terminal} has a token of no kind`);
      entries.push(decoded.token.entry);
    }
  }
}

/** Walks both lists at once, in every way in which they may belong together: after a tap that lost its power the same
 * card is often laid again, and only what follows tells which of the two is in the journal. Throws where no way is
 * left; gives how many beeped, and how many had no time to. */
export function matchWitnesses(
  terminal: number,
  witnessed: Witnessed[],
  entries: Entry[],
): { certain: number; unheard: number } {
  const sales = entries.filter(isSale);
  /** How many sales may have been seen so far. */
  let ways = new Set([0]);
  let certain = 0;
  for (const seen of witnessed) {
    const next = new Set(seen.certain ? [] : ways);
    for (const at of ways) {
      const entry = sales[at];
      if (entry && agrees(entry, seen)) next.add(at + 1);
    }
    if (!next.size) {
      const found = JSON.stringify([...ways].map((at) => sales[at]));
      const heard = JSON.stringify(seen);
      throw new Error(`audit: terminal ${terminal} heard ${heard}, the ledger has ${found}`);
    }
    ways = next;
    if (seen.certain) certain++;
  }
  if (!ways.has(sales.length)) {
    const unseen = JSON.stringify(sales[Math.max(...ways)]);
    throw new Error(`audit: terminal ${terminal}: nobody saw ${unseen}`);
  }
  return { certain, unheard: sales.length - certain };
}

type Sale = Extract<Entry, { kind: "purchase" | "void" }>;

function isSale(entry: Entry): entry is Sale {
  return entry.kind === "purchase" || entry.kind === "void";
}

function agrees(entry: Sale, seen: Witnessed): boolean {
  const isSame = entry.kind === seen.kind && toHex(entry.card) === seen.uid;
  return isSame && (seen.cents === undefined || seen.cents === entry.totalCents);
}
