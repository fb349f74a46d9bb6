// The register from a file, in Dutch.

import type { Register } from "./fr.ts";

export const register: Register = {
  register: {
    title: "Leerlingen importeren",
    file: "CSV-bestand",
    year: "Schooljaar",
    look: "Het bestand bekijken",
    nothingYet: "Er wordt niets bewaard vóór u bevestigt.",
    noFile: "Kies een bestand.",
    unknown: "Deze import bestaat niet meer. Kies het bestand opnieuw.",
    changedMeanwhile: "De leerlingen zijn veranderd sinds u keek. Kijk opnieuw na en bevestig dan.",
    format: "Het bestand",
    formatWhy:
      "Eén regel per leerling, met hoogstens vier ouders of voogden. Het stamnummer is het nummer van de school: hetzelfde bestand opnieuw importeren werkt bij en verdubbelt niets.",
    formatColumns:
      "Nodige kolommen: stamnummer, naam, voornaam, klas. De andere zijn vrij, in eender welke volgorde.",
    formatCodes:
      "Gescheiden door puntkomma’s, komma’s of tabs; in UTF-8 of Windows-1252. Een lege cel haalt niets weg.",
    example:
      "stamnummer;naam;voornaam;klas;allergenen;ouder 1 naam;ouder 1 voornaam;ouder 1 mail;ouder 1 taal;ouder 2 naam;ouder 2 voornaam;ouder 2 mail\n20260117;Peeters;Zoé;5C;pinda's, melk;Peeters;Victor;victor@huis.example;nl;Maes;An;an@elders.example",
    previewTitle: "Wat het bestand zou veranderen",
    wrongLines: "Te verbeteren regels",
    wrongLinesWhy:
      "Ze worden niet ingevoerd. Verbeter ze in het bestand en importeer het opnieuw wanneer u wilt.",
    added: "Nieuwe leerlingen",
    changed: "Gewijzigde leerlingen",
    unchanged: "Ongewijzigd",
    guardiansAdded: "Nieuwe ouders of voogden",
    guardiansChanged: "Gewijzigde ouders of voogden",
    line: "Regel",
    column: "Kolom",
    value: "Waarde",
    fault: "Waarom",
    confirm: "De import bevestigen",
    another: "Een ander bestand kiezen",
    back: "komt terug op school",
    missingWhy:
      "Kruis aan wie de school verlaten heeft: hun kaarten worden geblokkeerd, het gezin behoudt het saldo en kan het terugvragen. De anderen blijven.",
    doneTitle: "Import klaar",
    ignored: (names) => `Niet gebruikte kolommen: ${names}.`,
    became: (field, was, now) => `${field}: ${was} → ${now}`,
    missing: (count) => `Niet in het bestand: ${count}`,
    done: (added, changed, guardians, left) =>
      `${added} leerlingen toegevoegd, ${changed} gewijzigd, ${guardians} ouders of voogden toegevoegd of gewijzigd, ${left} vertrokken.`,
    fields: {
      number: "stamnummer",
      lastName: "naam",
      firstName: "voornaam",
      class: "klas",
      allergens: "allergenen",
    },
    faults: {
      missing: "ontbreekt",
      "too-long": "te lang",
      formula: "begint met een formuleteken (= + - @)",
      unreadable: "onleesbare tekens: verkeerde codering van het bestand",
      "bad-address": "is geen mailadres",
      "bad-language": "onbekende taal: fr, nl, de of en",
      "bad-allergen": "onbekend allergeen",
      "guardian-half": "naam en voornaam zijn nodig",
      twice: "al gegeven door een andere regel",
      cells: "ander aantal cellen dan de kop",
      quotes: "aanhalingstekens nooit gesloten: de rest van het bestand wordt niet gelezen",
      "no-column": "deze kolom ontbreekt",
      "too-many": "te veel regels",
      empty: "leeg bestand",
    },
  },
};
