// Where a transfer comes from, as the ledger counts it: source is a terminal's number and counter is epoch * 2^32 +
// seq of its entry; source 0 is a command, counted by its no.

const EPOCH = 4294967296;

export type Source = { source: number; counter: number };
export type EntryKey = { terminal: number; epoch: number; seq: number };

export function sourceOfEntry(entry: EntryKey): Source {
  return { source: entry.terminal, counter: entry.epoch * EPOCH + entry.seq };
}

/** Call it only for a source above 0. */
export function entryOfSource({ source, counter }: Source): EntryKey {
  return { terminal: source, epoch: Math.floor(counter / EPOCH), seq: counter % EPOCH };
}
