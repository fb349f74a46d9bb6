// Dutch.

import type { PageWords } from "./words.ts";

export const nl = {
  title: "Demonstratiekassa's",
  terminal: "Kassa",
  language: "Taal",
  products: "Producten",
  controls: "Toetsen",
  reader: "Leg hier een kaart",
  network: "Netwerk",
  power: "Stroom",
  sound: "Geluid",
  cards: "Kaarten van leerlingen",
  search: "Naam of klas",
  keys: {
    plus: "+",
    minus: "−",
    cancel: "Wissen",
    ok: "OK",
    void: "Verkoop terug",
    shift: "Dienst",
    collect: "Afhalen",
  },
} satisfies PageWords;
