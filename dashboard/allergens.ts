// The fourteen allergens of Regulation (EU) 1169/2011, annex II, in its order: bit 0 is the first.

import type { Texts } from "./texts/fr.ts";

export const ALLERGENS = [
  "gluten",
  "crustaceans",
  "egg",
  "fish",
  "peanut",
  "soy",
  "milk",
  "nuts",
  "celery",
  "mustard",
  "sesame",
  "sulphites",
  "lupin",
  "molluscs",
] as const;

/** In words, in the order of the regulation. */
export function allergensIn(bits: number, t: Texts): string {
  return ALLERGENS.filter((_, bit) => bits & (1 << bit))
    .map((name) => t.allergen[name])
    .join(", ");
}
