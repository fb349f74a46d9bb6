// French, the first language of Obole. Characters beyond ASCII stay below U+0100.

import type { Words } from "./words.ts";

export const fr = {
  money: { before: "", decimal: ",", after: " \x80" },
  times: " x ",
  tapCard: "Pose ta carte",
  choose: { big: "Bonjour", lines: ["Choisis un", "produit"] },
  okToPay: "OK pour payer",
  moment: { big: "Un instant", lines: ["Laisse ta carte", "près du lecteur"] },
  thanks: "Merci !",
  voided: { big: "Annulé", lines: ["Montant rendu :", ""] },
  confirmVoid: "Annuler vente ?",
  confirmClose: { big: "Fermer ?", lines: ["Fin du service", ""] },
  okForYes: "OK = oui",
  closed: { big: "Fermé", lines: ["Service terminé", ""] },
  refusals: {
    "out-of-order": { big: "Désolé", lines: ["Caisse", "en panne"] },
    "shift-closed": { big: "Fermé", lines: ["Service terminé", ""] },
    "no-product": { big: "Un moment", lines: ["Choisis d'abord", "un produit"] },
    "total-too-large": { big: "Trop grand", lines: ["Fais deux ventes", "au lieu d'une"] },
    "journal-full": { big: "Désolé", lines: ["Caisse pleine :", "réseau absent"] },
    "no-nonces": { big: "Désolé", lines: ["Caisse à", "recharger"] },
    "two-cards": { big: "Une carte", lines: ["Une seule carte", "à la fois"] },
    "unreadable-card": { big: "Encore", lines: ["Repose ta carte", "bien à plat"] },
    "unknown-card": { big: "Inconnue", lines: ["Fais activer ta", "carte, merci"] },
    "unproven-card": { big: "Désolé", lines: ["Carte à vérifier", "au secrétariat"] },
    "blocked-card": { big: "Désolé", lines: ["Carte signalée", "au secrétariat"] },
    allergen: { big: "Attention", lines: ["Allergène pour", "toi ici"] },
    "lease-too-small": { big: "Désolé", lines: ["Passe nous voir", "au secrétariat"] },
    "lease-too-small-offline": { big: "Désolé", lines: ["Pas de réseau :", "réessaie bientôt"] },
    "nothing-to-void": { big: "Rien", lines: ["Pas de vente", "à annuler"] },
  },
  faults: {
    "settings-missing": { big: "Nouveau", lines: ["Caisse pas", "encore réglée"] },
    "state-torn": { big: "En panne", lines: ["Mémoire", "illisible"] },
    "journal-torn": { big: "En panne", lines: ["Journal", "illisible"] },
    "journal-failed": { big: "En panne", lines: ["Rien débité :", "redémarrer"] },
    "nonces-lost": { big: "En panne", lines: ["Signatures", "à renouveler"] },
    "display-dead": { big: "En panne", lines: ["Écran", "débranché"] },
    "reader-dead": { big: "En panne", lines: ["Lecteur de", "cartes muet"] },
  },
  shortages: {
    "no-nonces": { big: "À recharg.", lines: ["Plus aucune", "signature"] },
    "journal-full": { big: "Pleine", lines: ["Réseau à", "rétablir"] },
    "no-prices": { big: "Bonjour", lines: ["En attente", "des prix"] },
  },
} satisfies Words;
