// What pages say of leases, in Dutch: where a balance is reserved, and devices that are given up.

import type { LeaseTexts } from "./fr.ts";

export const leases: LeaseTexts = {
  reserved: {
    title: "Waar het saldo gereserveerd is",
    free: (amount) => `Vrij voor al het andere: ${amount}.`,
    why: "Elke terminal kan zonder netwerk verkopen tot het bedrag dat voor hem gereserveerd is, en niemand anders kan eraan. Hij geeft het terug bij het sluiten ’s avonds, of zodra een andere terminal of het bureau het nodig heeft.",
    granted: (ago) => `Gereserveerd ${ago}.`,
    here: "Terminal verbonden: hij kan het meteen teruggeven.",
    away: (ago) => `Terminal offline (gezien ${ago}): hij houdt de reservering tot hij terug is.`,
    old: "Oud toestel: de reservering blijft tot de school ervan afziet.",
  },
  writeOff: {
    title: (name) => `Toestel ${name} opgeven`,
    devices: "Wat de toestellen reserveren",
    devicesWhy:
      "Een toestel dat verloren, gestolen of vervangen is, houdt zijn reserveringen tot de school het opgeeft.",
    epoch: (epoch) => `tijdvak ${epoch}`,
    replaced: (epoch) => `tijdvak ${epoch}, vervangen`,
    holds: (students, amount) =>
      students === 0
        ? "reserveert niets"
        : `${amount} voor ${students === 1 ? "één leerling" : `${students} leerlingen`}`,
    means:
      "Deze bedragen worden weer vrij voor de gezinnen. Wat het toestel verkocht en nog niet doorstuurde, en wat het nog zou verkopen, is voor rekening van de school, nooit van een gezin.",
    final: "Dit is definitief: om weer te dienen moet het toestel opnieuw geregistreerd worden.",
    submit: "Dit toestel opgeven",
    link: "Verloren, gestolen of vervangen",
    back: "Terug naar de terminals",
    already: "De school heeft dit al opgegeven.",
    gone: (date) => `opgegeven op ${date}`,
    recovering: (ago) =>
      `Moet nog zeggen wat het verkocht: het register werd ${ago} teruggezet naar een back-up.`,
  },
};
