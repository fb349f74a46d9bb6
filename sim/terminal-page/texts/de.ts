// German.

import type { PageWords } from "./words.ts";

export const de = {
  title: "Vorführkassen",
  terminal: "Kasse",
  language: "Sprache",
  products: "Produkte",
  controls: "Tasten",
  reader: "Hier eine Karte auflegen",
  network: "Netz",
  power: "Strom",
  sound: "Ton",
  cards: "Karten der Schüler",
  search: "Name oder Klasse",
  keys: {
    plus: "+",
    minus: "−",
    cancel: "Löschen",
    ok: "OK",
    void: "Storno",
    shift: "Schicht",
    collect: "Abholen",
  },
} satisfies PageWords;
