// What the terminals' own rows remember of each message: when it was heard, what waits unsent, what
// it holds. These rows may change and carry no money; they are written with the batch that they
// came with.

import type { InStatement } from "@libsql/client/web";
import { toLatin1 } from "#protocol/bytes.ts";
import type { Kind } from "#protocol/entry.ts";
import type { Health, Uplink } from "#protocol/uplink.ts";
import { chainKey } from "./books.ts";
import type { Arrival } from "./border.ts";
import { END_RECOVERY } from "./recovery.ts";

type Uplinked = Arrival & { kind: "uplink" };

// A message that overtook another, or that a broker kept and repeats, must not bring back old
// figures: the seal's sequence only grows within an epoch.
const SEEN = `update terminal set last_seen = max(last_seen, ?2), up_sequence = s.sequence,
    unsent = s.unsent, oldest = s.oldest
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as sequence,
    value->>3 as unsent, value->>4 as oldest from json_each(?1)) s
  where terminal.id = s.terminal and terminal.epoch = s.epoch
    and terminal.up_sequence < s.sequence`;
const HELD = `update terminal set last_seen = max(last_seen, ?2), down_sequence = s.down, roster = s.roster, prices = s.prices,
    blocks = s.blocks, orders = s.orders, acked = s.acked
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as sequence, value->>3 as down,
    value->>4 as roster, value->>5 as prices, value->>6 as blocks,
    value->>7 as orders, value->>8 as acked from json_each(?1)) s
  where terminal.id = s.terminal and terminal.epoch = s.epoch
    and terminal.up_sequence <= s.sequence`;
const HEALTH = `update terminal set firmware = s.firmware, errors = s.errors, last_error = s.last_error,
    variables = s.variables, erases = s.erases
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as sequence,
    value->>3 as firmware, value->>4 as errors, value->>5 as last_error, value->>6 as variables,
    value->>7 as erases from json_each(?1)) s
  where terminal.id = s.terminal and terminal.epoch = s.epoch
    and terminal.up_sequence <= s.sequence`;
const HERE = `update terminal set here = s.here
  from (select value->>0 as terminal, value->>1 as here from json_each(?1)) s
  where terminal.id = s.terminal`;
const SELLING = `update terminal set selling = s.selling
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as selling
    from json_each(?1)) s
  where terminal.id = s.terminal and terminal.epoch = s.epoch and not exists(
    select 1 from write_off w where w.terminal = s.terminal and w.epoch = s.epoch)`;

/** now in seconds since 1970. */
export function sightingsOf(arrivals: Arrival[], now: number): InStatement[] {
  const newest = new Map<string, Uplinked>();
  const held = new Map<string, number[]>();
  const healths = new Map<string, (number | string)[]>();
  const here = new Map<number, number>();
  for (const arrival of arrivals) {
    if (arrival.kind === "here") here.set(arrival.terminal, arrival.here ? 1 : 0);
    if (arrival.kind !== "uplink") continue;
    const { terminal, epoch, sequence } = arrival.header;
    const key = chainKey(terminal, epoch);
    if (sequence > (newest.get(key)?.header.sequence ?? 0)) newest.set(key, arrival);
    const { uplink } = arrival;
    if (uplink.kind !== "status") continue;
    held.set(key, heldOf(terminal, epoch, sequence, uplink));
    if (uplink.health) healths.set(key, healthOf(terminal, epoch, sequence, uplink.health));
  }
  const seen = [...newest.values()].map(seenOf);
  // HELD before SEEN, which moves the sequence that both compare with.
  return [
    ...statement(HELD, [...held.values()], now),
    ...statement(HEALTH, [...healths.values()]),
    ...statement(SEEN, seen, now),
    ...statement(HERE, [...here]),
  ];
}

type Status = Uplink & { kind: "status" };

function heldOf(terminal: number, epoch: number, sequence: number, said: Status): number[] {
  return [
    terminal,
    epoch,
    sequence,
    said.sequence,
    said.roster,
    said.prices,
    said.blocks,
    said.orders,
    said.acked,
  ];
}

function healthOf(
  terminal: number,
  epoch: number,
  sequence: number,
  said: Health,
): (number | string)[] {
  const { firmware, errors, lastError, variables, erases } = said;
  return [terminal, epoch, sequence, firmware, errors, toLatin1(lastError), variables, erases];
}

/** A terminal counts the tokens of this very message as unsent; once it is read they wait no more.
 * Those that are not booked are sent again, and counted again. */
function seenOf({ header, uplink }: Uplinked): number[] {
  const sent = uplink.kind === "tokens" ? uplink.tokens.length : 0;
  const unsent = Math.max(0, uplink.unsent - sent);
  return [header.terminal, header.epoch, header.sequence, unsent, unsent && uplink.oldest];
}

/** A terminal sells from its `open` (or any sale) until its `close`, and no more once the school has
 * given it up. entries in the order of its chain. */
export function sellingOf(
  entries: { terminal: number; epoch: number; seq: number; kind: Kind }[],
  now: number,
): InStatement[] {
  const closes = entries.filter((entry) => entry.kind === "close");
  const last = new Map<string, number[]>();
  for (const { terminal, epoch, kind } of entries)
    last.set(chainKey(terminal, epoch), [terminal, epoch, kind === "close" ? 0 : 1]);
  return [
    ...statement(SELLING, [...last.values()]),
    ...statement(
      END_RECOVERY,
      closes.map(({ terminal, epoch, seq }) => [terminal, epoch, seq]),
      now,
    ),
  ];
}

function statement(sql: string, rows: (number | string)[][], ...more: number[]): InStatement[] {
  return rows.length ? [{ sql, args: [JSON.stringify(rows), ...more] }] : [];
}
