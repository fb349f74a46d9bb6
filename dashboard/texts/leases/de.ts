// What pages say of leases, in German: where a balance is reserved, and devices that are given up.

import type { LeaseTexts } from "./fr.ts";

export const leases: LeaseTexts = {
  reserved: {
    title: "Wo das Guthaben reserviert ist",
    free: (amount) => `Frei für alles andere: ${amount}.`,
    why: "Jedes Terminal kann ohne Netz bis zu dem Betrag verkaufen, der für es reserviert ist, und niemand sonst kommt daran. Es gibt ihn am Abend beim Schließen zurück, oder sobald ein anderes Terminal oder das Büro ihn braucht.",
    granted: (ago) => `Reserviert ${ago}.`,
    here: "Terminal verbunden: Es kann den Betrag sofort zurückgeben.",
    away: (ago) =>
      `Terminal offline (gesehen ${ago}): Es behält die Reservierung bis zu seiner Rückkehr.`,
    old: "Altes Gerät: Die Reservierung bleibt, bis die Schule darauf verzichtet.",
  },
  writeOff: {
    title: (name) => `Gerät ${name} aufgeben`,
    devices: "Was die Geräte reservieren",
    devicesWhy:
      "Ein verlorenes, gestohlenes oder ersetztes Gerät behält seine Reservierungen, bis die Schule es aufgibt.",
    epoch: (epoch) => `Epoche ${epoch}`,
    replaced: (epoch) => `Epoche ${epoch}, ersetzt`,
    holds: (students, amount) =>
      students === 0
        ? "reserviert nichts"
        : `${amount} für ${students === 1 ? "ein Kind" : `${students} Kinder`}`,
    means:
      "Diese Beträge werden für die Familien wieder frei. Was das Gerät verkauft und noch nicht gesendet hat, und was es noch verkaufen würde, trägt die Schule, nie eine Familie.",
    final: "Das ist endgültig: Um wieder zu dienen, muss das Gerät neu registriert werden.",
    submit: "Dieses Gerät aufgeben",
    link: "Verloren, gestohlen oder ersetzt",
    back: "Zurück zu den Terminals",
    already: "Die Schule hat es bereits aufgegeben.",
    gone: (date) => `aufgegeben am ${date}`,
    recovering: (ago) =>
      `Muss noch sagen, was es verkauft hat: Das Buch wurde ${ago} auf eine Sicherung zurückgesetzt.`,
  },
};
