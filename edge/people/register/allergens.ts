// The allergens of Regulation (EU) 1169/2011, annex II, as people write them in a list: bit n is the n-th of these lines.

import { plainOf } from "./plain.ts";

/** Without accents, and in the singular or the plural. */
const WORDS: string[] = [
  "gluten, cereales, ble, granen, tarwe, getreide, weizen, cereals, wheat",
  "crustaces, crustace, schaaldieren, schaaldier, krebstiere, krebstier, crustaceans, shellfish",
  "oeufs, oeuf, eieren, ei, eier, eggs, egg",
  "poissons, poisson, vis, fisch, fish",
  "arachides, arachide, cacahuetes, cacahuete, pinda's, pindas, pinda, aardnoten, erdnusse, erdnuss, peanuts, peanut",
  "soja, soy, soya, soybeans, sojabohnen",
  "lait, lactose, melk, milch, laktose, milk",
  "fruits a coque, fruit a coque, noix, noisettes, noten, noot, schalenfruchte, nusse, nuts, nut",
  "celeri, selderij, selder, sellerie, celery",
  "moutarde, mosterd, senf, mustard",
  "sesame, sesam, sesamzaad",
  "sulfites, sulfite, sulfiet, sulfieten, sulphites, sulphite",
  "lupin, lupine, lupinen",
  "mollusques, mollusque, weekdieren, weekdier, weichtiere, weichtier, molluscs, mollusc",
];
/** Says that there is none, which an empty cell does not. */
const NONE = /^(aucun|aucune|non|neant|geen|nee|keine?|nein|none|no|-|0)$/;

const BITS = new Map(
  WORDS.flatMap((words, bit) =>
    words.split(", ").map((word): [string, number] => [word, 1 << bit]),
  ),
);
export const ALLERGENS_ALL = (1 << WORDS.length) - 1;

/** The bits, or the words that are none; undefined for an empty cell. */
export function readAllergens(cell: string): number | { unknown: string } | undefined {
  const words = cell
    .split(/[,;/+&|]/)
    .map((word) => plainOf(word).replace(/œ/g, "oe").replace(/’/g, "'"))
    .filter(Boolean);
  if (!words.length) return undefined;
  if (words.length === 1 && NONE.test(words[0] ?? "")) return 0;
  const unknown = words.filter((word) => !BITS.has(word));
  if (unknown.length) return { unknown: unknown.join(", ") };
  return words.reduce((bits, word) => bits | (BITS.get(word) ?? 0), 0);
}
