// What nobody caught, kept through the restart that often follows: the last few texts, in the store, each numbered since
// provisioning. A terminal that fails again and again must not wear its flash out, so each start writes few of them.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, fromLatin1, readU32, writeU32 } from "#protocol/bytes.ts";
import { LAST_ERROR_MAX } from "#protocol/uplink.ts";
import { ERRORS } from "./store-log.ts";
import type { Store } from "./store.ts";

export const ERRORS_KEPT = 8;
const WRITES_PER_START_MAX = 16;
const NUMBER_BYTES = 4;

export type ErrorRing = {
  /** How many were kept since provisioning. */
  count(): number;
  /** Latin-1; empty before the first. */
  last(): Bytes;
  add(text: string): void;
};

export function openErrorRing(store: Store): ErrorRing {
  let count = 0;
  let last: Bytes = new Uint8Array(0);
  let writes = 0;
  for (let i = 0; i < ERRORS_KEPT; i++) {
    const kept = store.get(ERRORS, i);
    if (!kept || readU32(kept, 0) <= count) continue;
    count = readU32(kept, 0);
    last = copyBytes(kept, NUMBER_BYTES, kept.length - NUMBER_BYTES);
  }
  return {
    count: () => count,
    last: () => last,
    add: function (text) {
      if (writes >= WRITES_PER_START_MAX) return;
      writes++;
      count++;
      last = fromLatin1(text.replace(/[^ -~]/g, "?").slice(0, LAST_ERROR_MAX));
      const number = new Uint8Array(NUMBER_BYTES);
      writeU32(number, 0, count);
      store.put(ERRORS, count % ERRORS_KEPT, concat([number, last]));
    },
  };
}
