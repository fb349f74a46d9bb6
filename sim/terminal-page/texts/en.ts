// English.

import type { PageWords } from "./words.ts";

export const en = {
  title: "Demo terminals",
  terminal: "Terminal",
  language: "Language",
  products: "Products",
  controls: "Keys",
  reader: "Lay a card here",
  network: "Network",
  power: "Power",
  sound: "Sound",
  cards: "Students' cards",
  search: "Name or class",
  keys: {
    plus: "+",
    minus: "−",
    cancel: "Clear",
    ok: "OK",
    void: "Undo sale",
    shift: "Shift",
    collect: "Collect",
  },
} satisfies PageWords;
