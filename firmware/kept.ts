// What the gateway has said and the terminal keeps through a power cut: the price list and the
// block list as the messages they came in, and how far down the terminal has listened. A message is
// kept only when its version is newer.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { Downlink, Product } from "#protocol/downlink.ts";
import { decodeDownlink, encodeDownlink } from "#protocol/downlink.ts";
import type { Catalogue, Products } from "./state.ts";
import { BLOCKS, BOOT, PRICES, SEQUENCE } from "./store-log.ts";
import type { Store } from "./store.ts";

const TWO_32 = 4294967296;

export type Kept = {
  catalogue(): Catalogue | undefined;
  isBlocked(card: Bytes): boolean;
  versions(): { prices: number; blocks: number };
  /** Persisted when it returns; older or equal versions change nothing, other kinds neither. */
  keep(message: Downlink): void;
  /** The last downlink sequence applied. */
  sequence(): number;
  keepSequence(sequence: number): void;
};

/** Counts this start and persists the number before anything can use it: no seal sequence is ever
 * used twice. */
export function countBoot(store: Store): number {
  const data = new Uint8Array(4);
  const last = store.get(BOOT, 0);
  writeU32(data, 0, (last ? readU32(last, 0) : 0) + 1);
  store.put(BOOT, 0, data);
  return readU32(data, 0);
}

export function openKept(store: Store): Kept {
  let catalogue = catalogueOf(readMessage(store, PRICES));
  let blocks = blocksOf(readMessage(store, BLOCKS));
  let sequence = sequenceOf(store.get(SEQUENCE, 0));
  return {
    catalogue: () => catalogue,
    isBlocked: (card) => blocks.cards[keyOf(card)] === true,
    versions: () => ({ prices: catalogue ? catalogue.version : 0, blocks: blocks.version }),
    keep: (message) => {
      if (message.kind === "prices" && (!catalogue || message.version > catalogue.version)) {
        store.put(PRICES, 0, encodeDownlink(message));
        catalogue = catalogueOf(message);
      } else if (message.kind === "blocks" && message.version > blocks.version) {
        store.put(BLOCKS, 0, encodeDownlink(message));
        blocks = blocksOf(message);
      }
    },
    sequence: () => sequence,
    keepSequence: (applied) => {
      const data = new Uint8Array(8);
      writeU32(data, 0, Math.floor(applied / TWO_32));
      writeU32(data, 4, applied % TWO_32);
      store.put(SEQUENCE, 0, data);
      sequence = applied;
    },
  };
}

function readMessage(store: Store, type: number): Downlink | undefined {
  const bytes = store.get(type, 0);
  return bytes ? decodeDownlink(bytes) : undefined;
}

function catalogueOf(message: Downlink | undefined): Catalogue | undefined {
  if (!message || message.kind !== "prices") return undefined;
  const products: Products = {};
  for (let i = 0; i < message.products.length; i++) {
    const product = message.products[i] as Product;
    products[product.product] = product;
  }
  return { version: message.version, till: message.till, products: products };
}

type Blocks = { version: number; cards: { [card: string]: true } };

function blocksOf(message: Downlink | undefined): Blocks {
  const blocks: Blocks = { version: 0, cards: {} };
  if (!message || message.kind !== "blocks") return blocks;
  blocks.version = message.version;
  for (let i = 0; i < message.cards.length; i++)
    blocks.cards[keyOf(message.cards[i] as Bytes)] = true;
  return blocks;
}

/** Joined natively: hexadecimal would cost the interpreter a loop. */
function keyOf(card: Bytes): string {
  return card.join(",");
}

function sequenceOf(data: Bytes | undefined): number {
  return data ? readU32(data, 0) * TWO_32 + readU32(data, 4) : 0;
}
