// Dutch.

import type { Words } from "./words.ts";

export const nl = {
  money: { before: "\x80 ", decimal: ",", after: "" },
  times: " x ",
  tapCard: "Leg je kaart",
  choose: { big: "Dag", lines: ["Kies een", "product"] },
  okToPay: "OK = betalen",
  moment: { big: "Momentje", lines: ["Laat je kaart", "even liggen"] },
  thanks: "Dank je !",
  voided: { big: "Geschrapt", lines: ["Teruggegeven:", ""] },
  confirmVoid: "Schrappen ?",
  confirmClose: { big: "Sluiten ?", lines: ["Einde dienst", ""] },
  okForYes: "OK = ja",
  closed: { big: "Gesloten", lines: ["Einde dienst", ""] },
  refusals: {
    "out-of-order": { big: "Sorry", lines: ["Kassa", "buiten gebruik"] },
    "shift-closed": { big: "Gesloten", lines: ["Einde dienst", ""] },
    "no-product": { big: "Eventjes", lines: ["Kies eerst", "een product"] },
    "total-too-large": { big: "Te groot", lines: ["Maak er twee", "verkopen van"] },
    "journal-full": { big: "Sorry", lines: ["Kassa vol:", "netwerk nodig"] },
    "no-nonces": { big: "Sorry", lines: ["Kassa moet", "bijgevuld"] },
    "two-cards": { big: "Eén kaart", lines: ["Eén kaart", "tegelijk"] },
    "unreadable-card": { big: "Opnieuw", lines: ["Leg je kaart", "goed plat"] },
    "unknown-card": { big: "Onbekend", lines: ["Laat je kaart", "activeren"] },
    "unproven-card": { big: "Sorry", lines: ["Kaart nakijken:", "secretariaat"] },
    "blocked-card": { big: "Sorry", lines: ["Kaart gemeld:", "secretariaat"] },
    allergen: { big: "Let op", lines: ["Allergeen voor", "jou hierin"] },
    "lease-too-small": { big: "Sorry", lines: ["Kom even langs:", "secretariaat"] },
    "lease-too-small-offline": { big: "Sorry", lines: ["Geen netwerk:", "probeer straks"] },
    "nothing-to-void": { big: "Niets", lines: ["Geen verkoop", "te schrappen"] },
  },
  faults: {
    "settings-missing": { big: "Nieuw", lines: ["Kassa nog niet", "ingesteld"] },
    "state-torn": { big: "Defect", lines: ["Geheugen", "onleesbaar"] },
    "journal-torn": { big: "Defect", lines: ["Journaal", "onleesbaar"] },
    "journal-failed": { big: "Defect", lines: ["Niets betaald:", "herstarten"] },
    "nonces-lost": { big: "Defect", lines: ["Handtekeningen", "vernieuwen"] },
    "display-dead": { big: "Defect", lines: ["Scherm", "los"] },
    "reader-dead": { big: "Defect", lines: ["Kaartlezer", "zwijgt"] },
  },
  shortages: {
    "no-nonces": { big: "Bijvullen", lines: ["Geen hand-", "tekeningen meer"] },
    "journal-full": { big: "Vol", lines: ["Netwerk", "nodig"] },
    "no-prices": { big: "Dag", lines: ["Wacht op", "de prijzen"] },
  },
} satisfies Words;
