// French, the first language of Obole.

import type { PageWords } from "./words.ts";

export const fr = {
  title: "Caisses de démonstration",
  terminal: "Caisse",
  language: "Langue",
  products: "Produits",
  controls: "Touches",
  reader: "Pose une carte ici",
  network: "Réseau",
  power: "Courant",
  sound: "Son",
  cards: "Cartes des élèves",
  search: "Nom ou classe",
  keys: {
    plus: "+",
    minus: "−",
    cancel: "Effacer",
    ok: "OK",
    void: "Annuler vente",
    shift: "Service",
    collect: "Retraits",
  },
} satisfies PageWords;
