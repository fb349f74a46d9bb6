// German.

import type { Words } from "./words.ts";

export const de = {
  money: { before: "", decimal: ",", after: " \x80" },
  times: " x ",
  tapCard: "Karte auflegen",
  choose: { big: "Hallo", lines: ["Wähle ein", "Produkt"] },
  okToPay: "OK = zahlen",
  moment: { big: "Moment", lines: ["Lass die Karte", "bitte liegen"] },
  thanks: "Danke !",
  voided: { big: "Storniert", lines: ["Erstattet:", ""] },
  confirmVoid: "Stornieren ?",
  confirmClose: { big: "Schluss ?", lines: ["Ende der Schicht", ""] },
  okForYes: "OK = ja",
  closed: { big: "Zu", lines: ["Ende der Schicht", ""] },
  refusals: {
    "out-of-order": { big: "Sorry", lines: ["Kasse außer", "Betrieb"] },
    "shift-closed": { big: "Zu", lines: ["Ende der Schicht", ""] },
    "no-product": { big: "Moment", lines: ["Wähle zuerst", "ein Produkt"] },
    "total-too-large": { big: "Zu viel", lines: ["Bitte auf zwei", "Käufe verteilen"] },
    "journal-full": { big: "Sorry", lines: ["Kasse voll:", "Netz fehlt"] },
    "no-nonces": { big: "Sorry", lines: ["Kasse muss", "geladen werden"] },
    "two-cards": { big: "Eine Karte", lines: ["Nur eine Karte", "auf einmal"] },
    "unreadable-card": { big: "Nochmal", lines: ["Karte bitte", "flach auflegen"] },
    "unknown-card": { big: "Unbekannt", lines: ["Karte bitte", "aktivieren"] },
    "unproven-card": { big: "Sorry", lines: ["Karte prüfen:", "Sekretariat"] },
    "blocked-card": { big: "Sorry", lines: ["Karte gemeldet:", "Sekretariat"] },
    allergen: { big: "Achtung", lines: ["Allergen für", "dich enthalten"] },
    "lease-too-small": { big: "Sorry", lines: ["Komm bitte ins", "Sekretariat"] },
    "lease-too-small-offline": { big: "Sorry", lines: ["Kein Netz:", "bald nochmal"] },
    "nothing-to-void": { big: "Nichts", lines: ["Kein Kauf zu", "stornieren"] },
  },
  faults: {
    "settings-missing": { big: "Neu", lines: ["Kasse noch nicht", "eingerichtet"] },
    "state-torn": { big: "Defekt", lines: ["Speicher", "unlesbar"] },
    "journal-torn": { big: "Defekt", lines: ["Journal", "unlesbar"] },
    "journal-failed": { big: "Defekt", lines: ["Nichts gebucht:", "neu starten"] },
    "nonces-lost": { big: "Defekt", lines: ["Signaturen", "erneuern"] },
    "display-dead": { big: "Defekt", lines: ["Anzeige", "getrennt"] },
    "reader-dead": { big: "Defekt", lines: ["Kartenleser", "stumm"] },
  },
  shortages: {
    "no-nonces": { big: "Laden", lines: ["Keine Signatur", "mehr übrig"] },
    "journal-full": { big: "Voll", lines: ["Netz", "fehlt"] },
    "no-prices": { big: "Hallo", lines: ["Warte auf", "die Preise"] },
  },
} satisfies Words;
