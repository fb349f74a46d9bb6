// A maker of emulated cards with a key of its own, which signs UIDs as NXP does: nobody can make NXP's signatures here, and
// the office's tool is told whose to ask for.

import { createHash } from "node:crypto";
import type { Point } from "#firmware/cards/originality.ts";
import {
  BASE,
  ORDER,
  inverted,
  multiplied,
  numberOf,
  reduced,
} from "#firmware/cards/originality.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, fromHex, fromLatin1 } from "#protocol/bytes.ts";

export type CardMaker = { publicKey: Point; sign(uid: Bytes): Bytes };

export function createCardMaker(name: string): CardMaker {
  const secret = scalarOf(fromLatin1(name));
  return {
    publicKey: pointOf(secret),
    sign(uid) {
      // Of the message and the key, as RFC 6979 wants it: the same number twice would give the key away.
      const k = scalarOf(fromLatin1(name), fromLatin1("nonce"), uid);
      const r = reduced(pointOf(k).x, ORDER);
      const s = reduced(inverted(k, ORDER) * (numberOf(uid) + r * secret), ORDER);
      return fromHex(r.toString(16).padStart(56, "0") + s.toString(16).padStart(56, "0"));
    },
  };
}

/** From 1 on, below the order. */
function scalarOf(...parts: Bytes[]): bigint {
  const hash = createHash("sha256").update(concat(parts)).digest();
  return reduced(numberOf(hash), ORDER - 1n) + 1n;
}

function pointOf(factor: bigint): Point {
  const point = multiplied(factor, BASE);
  if (!point) throw new Error("card maker: the neutral point is no key");
  return point;
}
