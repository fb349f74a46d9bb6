// The 14 allergens that must be declared, in the order of Regulation (EU) 1169/2011 annex II: bit i is the i-th.

import { plainOf } from "./columns.ts";

const NAMES = [
  ["gluten", "glutenhaltigesgetreide", "cereals"],
  ["crustaces", "schaaldieren", "krebstiere", "crustaceans"],
  ["oeufs", "oeuf", "eieren", "ei", "eier", "eggs", "egg"],
  ["poissons", "poisson", "vis", "fisch", "fish"],
  ["arachides", "arachide", "aardnoten", "pindas", "erdnusse", "peanuts", "peanut"],
  ["soja", "soy", "soybeans"],
  ["lait", "lactose", "melk", "milch", "milk"],
  ["fruitsacoque", "noix", "noten", "schalenfruchte", "nusse", "nuts"],
  ["celeri", "selderij", "selderie", "sellerie", "celery"],
  ["moutarde", "mosterd", "senf", "mustard"],
  ["sesame", "sesamzaad", "sesam"],
  ["sulfites", "sulfieten", "sulfite", "sulphites"],
  ["lupin", "lupine", "lupinen"],
  ["mollusques", "weekdieren", "weichtiere", "molluscs"],
];

/** Of a list like "arachides, lait" or "5/7"; the word that is none of them, if there is one. */
export function readAllergens(text: string): { bits: number } | { unknown: string } {
  let bits = 0;
  for (const word of text.split(/[,/+;|]|\bet\b|\ben\b|\bund\b|\band\b/)) {
    const plain = plainOf(word);
    if (!plain) continue;
    const number = /^\d{1,2}$/.test(plain) ? Number(plain) - 1 : -1;
    const index = NAMES[number] ? number : NAMES.findIndex((names) => names.includes(plain));
    if (index < 0) return { unknown: word.trim() };
    bits |= 1 << index;
  }
  return { bits };
}
