// What the pages of kitchen and counters say, in German.

import type { CounterTexts } from "./fr.ts";

export const counters: CounterTexts = {
  allergen: {
    gluten: "Gluten",
    crustaceans: "Krebstiere",
    egg: "Eier",
    fish: "Fisch",
    peanut: "Erdnüsse",
    soy: "Soja",
    milk: "Milch",
    nuts: "Schalenfrüchte",
    celery: "Sellerie",
    mustard: "Senf",
    sesame: "Sesam",
    sulphites: "Sulfite",
    lupin: "Lupinen",
    molluscs: "Weichtiere",
  },
  kitchen: {
    title: "Zuzubereitende Bestellungen",
    today: (date) => `Heute, ${date}`,
    next: (date) => `Danach, ${date}`,
    none: "Für diesen Tag hat niemand bestellt.",
    product: "Produkt",
    classes: "Nach Klassen",
    quantity: "Gesamt",
    holds: (allergens) => `enthält: ${allergens}`,
    guests: "Auf Allergene achten",
    guestsWhy:
      "Hier stehen nur Schüler, die bestellt haben und bei denen ein Allergen vermerkt ist. Lassen Sie diese Liste nicht herumliegen.",
    mustNot: "Darf nicht essen",
    clashes: "In der Bestellung",
    nothing: "nichts davon",
  },
  counter: {
    title: "Meine Theke",
    terminals: "Terminals",
    unsent: (count) => (count === 1 ? "1 Buchung zu senden" : `${count} Buchungen zu senden`),
    sales: "Heute mit meinem Ausweis verkauft",
    none: "Mit Ihrem Ausweis wurde heute noch nichts verkauft.",
    sum: (amount, count) =>
      count === 1 ? `${amount} in 1 Einkauf` : `${amount} in ${count} Einkäufen`,
    undone: (amount) => `Davon an der Theke storniert: ${amount}.`,
  },
};
