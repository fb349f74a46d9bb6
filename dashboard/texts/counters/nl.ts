// What the pages of kitchen and counters say, in Dutch.

import type { CounterTexts } from "./fr.ts";

export const counters: CounterTexts = {
  allergen: {
    gluten: "gluten",
    crustaceans: "schaaldieren",
    egg: "eieren",
    fish: "vis",
    peanut: "pinda’s",
    soy: "soja",
    milk: "melk",
    nuts: "noten",
    celery: "selderij",
    mustard: "mosterd",
    sesame: "sesam",
    sulphites: "sulfiet",
    lupin: "lupine",
    molluscs: "weekdieren",
  },
  kitchen: {
    title: "Klaar te maken bestellingen",
    today: (date) => `Vandaag, ${date}`,
    next: (date) => `Daarna, ${date}`,
    none: "Niemand heeft voor deze dag besteld.",
    product: "Product",
    classes: "Per klas",
    quantity: "Totaal",
    holds: (allergens) => `bevat: ${allergens}`,
    guests: "Let op allergenen",
    guestsWhy:
      "Hier staan alleen leerlingen die besteld hebben en bij wie een allergeen vermeld is. Laat deze lijst niet rondslingeren.",
    mustNot: "Mag niet eten",
    clashes: "In de bestelling",
    nothing: "niets daarvan",
  },
  counter: {
    title: "Mijn toonbank",
    terminals: "Terminals",
    unsent: (count) => (count === 1 ? "1 boeking te versturen" : `${count} boekingen te versturen`),
    sales: "Vandaag verkocht met mijn badge",
    none: "Met uw badge is vandaag nog niets verkocht.",
    sum: (amount, count) =>
      count === 1 ? `${amount} in 1 aankoop` : `${amount} in ${count} aankopen`,
    undone: (amount) => `Waarvan aan de toonbank geannuleerd: ${amount}.`,
  },
};
