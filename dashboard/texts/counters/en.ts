// What the pages of kitchen and counters say, in English.

import type { CounterTexts } from "./fr.ts";

export const counters: CounterTexts = {
  allergen: {
    gluten: "gluten",
    crustaceans: "crustaceans",
    egg: "eggs",
    fish: "fish",
    peanut: "peanuts",
    soy: "soy",
    milk: "milk",
    nuts: "tree nuts",
    celery: "celery",
    mustard: "mustard",
    sesame: "sesame",
    sulphites: "sulphites",
    lupin: "lupin",
    molluscs: "molluscs",
  },
  kitchen: {
    title: "Orders to prepare",
    today: (date) => `Today, ${date}`,
    next: (date) => `Next, ${date}`,
    none: "Nobody has ordered for this day.",
    product: "Product",
    classes: "By class",
    quantity: "Total",
    holds: (allergens) => `contains: ${allergens}`,
    guests: "Mind the allergens",
    guestsWhy:
      "Only students who ordered and whose file names an allergen are on this list. Do not leave it lying about.",
    mustNot: "Must not eat",
    clashes: "In the order",
    nothing: "none of it",
  },
  counter: {
    title: "My counter",
    terminals: "Terminals",
    unsent: (count) => (count === 1 ? "1 entry to send" : `${count} entries to send`),
    sales: "Sold today under my badge",
    none: "Nothing has been sold under your badge today.",
    sum: (amount, count) =>
      count === 1 ? `${amount} in 1 purchase` : `${amount} in ${count} purchases`,
    undone: (amount) => `Of this, undone at the counter: ${amount}.`,
  },
};
