// What the pages of kitchen and counters say, in French; its type is what the other languages must say.

export const counters = {
  allergen: {
    gluten: "gluten",
    crustaceans: "crustacés",
    egg: "œufs",
    fish: "poisson",
    peanut: "arachides",
    soy: "soja",
    milk: "lait",
    nuts: "fruits à coque",
    celery: "céleri",
    mustard: "moutarde",
    sesame: "sésame",
    sulphites: "sulfites",
    lupin: "lupin",
    molluscs: "mollusques",
  },
  kitchen: {
    title: "Commandes à préparer",
    today: (date: string) => `Aujourd’hui, ${date}`,
    next: (date: string) => `Ensuite, ${date}`,
    none: "Personne n’a commandé pour ce jour.",
    product: "Produit",
    classes: "Par classe",
    quantity: "Total",
    holds: (allergens: string) => `contient : ${allergens}`,
    guests: "Attention aux allergènes",
    guestsWhy:
      "Seuls les élèves qui ont commandé et dont la fiche signale un allergène sont nommés ici. Ne laissez pas traîner cette liste.",
    mustNot: "Ne doit pas manger",
    clashes: "Dans sa commande",
    nothing: "rien de cela",
  },
  counter: {
    title: "Mon comptoir",
    terminals: "Terminaux",
    unsent: (count: number) =>
      count === 1 ? "1 écriture à envoyer" : `${count} écritures à envoyer`,
    sales: "Vendu aujourd’hui sous mon badge",
    none: "Rien n’a encore été vendu sous votre badge aujourd’hui.",
    sum: (amount: string, count: number) =>
      count === 1 ? `${amount} en 1 achat` : `${amount} en ${count} achats`,
    undone: (amount: string) => `Dont annulé au comptoir : ${amount}.`,
  },
};

export type CounterTexts = typeof counters;
