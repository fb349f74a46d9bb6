// What every terminal keeps a copy of: the roster, the blocked cards, the price list with its till.
// Read whole from the school's tables, with the version under which each must be told.

import type { Client, Row } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, toHex } from "#protocol/bytes.ts";
import type { CardKey } from "#protocol/card-key.ts";
import { terminalKey } from "#protocol/card-key.ts";
import type { Downlink, Product, Till } from "#protocol/downlink.ts";
import { PRODUCTS_MAX } from "#protocol/downlink.ts";
import {
  CLASS_MAX,
  NAME_MAX,
  RECORDS_PER_PAGE,
  RECORD_BYTES,
  digestOfRoster,
  encodeRecord,
} from "#protocol/roster.ts";
import { primitives, sha256 } from "./crypto.ts";
import type { Order } from "#protocol/orders.ts";
import { ORDERS, ORDERS_VERSION, orderOfRow, ordersMessages, schoolDay } from "./order-lists.ts";
import { toDisplay } from "./latin1.ts";
import { BLOCKED_CARDS_MAX } from "./ledger/migrations/0003-versions.ts";
import { bytesIn, numberIn, textIn } from "./ledger/row.ts";

export type Versions = { roster: number; blocks: number; prices: number; orders: number };
export type Supplies = {
  versions: Versions;
  /** Sorted records of protocol/roster.ts, one after the other. */
  roster: Bytes;
  blocks: Bytes[];
  products: Product[];
  tills: Map<number, Till>;
  day: number;
  orders: Order[];
};

const VERSIONS = `select (select version from supply where name = 'roster') as roster,
  (select version from supply where name = 'blocks') as blocks,
  (select version from supply where name = 'prices') as prices, (${ORDERS_VERSION}) as orders`;
const NEWEST_BLOCKED = `select uid from card where status = 'blocked'
  order by since desc, uid limit ${BLOCKED_CARDS_MAX}`;
// Blocked cards stay in the roster while the block list can name them, so that the counter sees
// "blocked".
const ROSTER = `select * from (
    select c.uid, c.key_epoch, s.id, s.first_name || ' ' || s.last_name as name, s.class,
      s.allergens, 0 as operator
    from card c join student s on s.id = c.student
    where c.status = 'active' or c.uid in (${NEWEST_BLOCKED})
    union all select b.uid, 0, 0, p.name, '', 0, p.id from badge b join person p on p.id = b.person)
  order by length(uid), uid`;
const PRICES = `select r.product, r.revision, r.cents, r.essential, r.allergens, r.name
  from price p join product_revision r on r.product = p.product and r.revision = p.revision
  where p.version = (select max(version) from price) order by r.product limit ${PRODUCTS_MAX}`;

export async function readVersions(client: Client, nowMs: number): Promise<Versions> {
  const found = await client.execute({ sql: VERSIONS, args: [schoolDay(nowMs)] });
  return versionsOfRow(found.rows[0]);
}

/** One read transaction: what is read is what the versions say. Throws, by number, on a terminal
 * whose till is not readable, and by UID on a card with a key when there is no master to derive
 * it from. */
export async function readSupplies(
  client: Client,
  nowMs: number,
  cardMaster?: Bytes,
): Promise<Supplies> {
  const day = schoolDay(nowMs);
  const [versions, roster, blocks, prices, tills, orders] = await client.batch(
    [
      { sql: VERSIONS, args: [day] },
      ROSTER,
      NEWEST_BLOCKED,
      PRICES,
      "select id, till from terminal",
      { sql: ORDERS, args: [day] },
    ],
    "read",
  );
  return {
    versions: versionsOfRow(versions?.rows[0]),
    roster: concat((roster?.rows ?? []).map((row) => recordOfRow(row, cardMaster))),
    blocks: (blocks?.rows ?? []).map((row) => bytesIn(row, "uid")),
    products: (prices?.rows ?? []).map(productOfRow),
    tills: new Map((tills?.rows ?? []).map((row) => [numberIn(row, "id"), tillOfRow(row)])),
    day,
    orders: (orders?.rows ?? []).map(orderOfRow),
  };
}

/** The messages that bring a terminal which holds `held` up to date; first what protects money. */
export function supplyMessages(supplies: Supplies, terminal: number, held: Versions): Downlink[] {
  const { versions, roster, blocks, products, day, orders } = supplies;
  const till = supplies.tills.get(terminal);
  const messages: Downlink[] = [];
  if (held.blocks < versions.blocks)
    messages.push({ kind: "blocks", version: versions.blocks, cards: blocks });
  if (held.prices < versions.prices && till)
    messages.push({ kind: "prices", version: versions.prices, till, products });
  if (held.roster < versions.roster) messages.push(...rosterMessages(versions.roster, roster));
  if (held.orders < versions.orders) messages.push(...ordersMessages(versions.orders, day, orders));
  return messages;
}

function rosterMessages(version: number, roster: Bytes): Downlink[] {
  const records = roster.length / RECORD_BYTES;
  const pageBytes = RECORDS_PER_PAGE * RECORD_BYTES;
  const pageAt = (page: number): Bytes => roster.subarray(page * pageBytes, (page + 1) * pageBytes);
  const digest = digestOfRoster(sha256, records, pageAt);
  const messages: Downlink[] = [{ kind: "roster", version, records, sha256: digest }];
  for (let page = 0; page * pageBytes < roster.length; page++)
    messages.push({ kind: "page", version, page, records: pageAt(page) });
  return messages;
}

function versionsOfRow(row: Row | undefined): Versions {
  if (!row) throw new Error("supplies: the ledger knows no versions");
  const [roster, blocks, prices, orders] = ["roster", "blocks", "prices", "orders"].map((name) =>
    numberIn(row, name),
  ) as [number, number, number, number];
  return { roster, blocks, prices, orders };
}

function recordOfRow(row: Row, cardMaster: Bytes | undefined): Bytes {
  const card = bytesIn(row, "uid");
  const operator = numberIn(row, "operator");
  return encodeRecord({
    card,
    ...(operator ? { operator } : {}),
    student: numberIn(row, "id"),
    allergens: numberIn(row, "allergens"),
    name: toDisplay(textIn(row, "name"), NAME_MAX),
    group: toDisplay(textIn(row, "class"), CLASS_MAX),
    key: keyOf(card, numberIn(row, "key_epoch"), cardMaster),
  });
}

/** Never none for a card that has one: its UID alone would pass. */
function keyOf(uid: Bytes, epoch: number, master: Bytes | undefined): CardKey | undefined {
  if (!epoch) return undefined;
  if (!master) throw new Error(`supplies: no CARD_SECRET for the key of card ${toHex(uid)}`);
  return terminalKey(primitives.encryptCbc, master, uid, epoch);
}

function productOfRow(row: Row): Product {
  return {
    product: numberIn(row, "product"),
    revision: numberIn(row, "revision"),
    unitCents: numberIn(row, "cents"),
    essential: row["essential"] === 1,
    allergens: numberIn(row, "allergens"),
    name: toDisplay(textIn(row, "name"), NAME_MAX),
  };
}

const LANGUAGES: Till["language"][] = ["fr", "nl", "de", "en"];

function tillOfRow(row: Row): Till {
  const till = JSON.parse(textIn(row, "till")) as Partial<Till>;
  const { soup, keys, graceCents, badge } = till;
  const language = LANGUAGES.find((known) => known === till.language);
  const numbers = [soup, graceCents, ...(Array.isArray(keys) ? keys : [undefined])];
  if (!language || !numbers.every(Number.isSafeInteger))
    throw new Error(`supplies: the till of terminal ${numberIn(row, "id")} is not readable`);
  const profile = { language, soup: soup ?? 0, keys: keys ?? [], graceCents: graceCents ?? 0 };
  return badge === true ? { ...profile, badge } : profile;
}
