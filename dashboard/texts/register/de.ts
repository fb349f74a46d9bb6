// The register from a file, in German.

import type { Register } from "./fr.ts";

export const register: Register = {
  register: {
    title: "Schüler importieren",
    file: "CSV-Datei",
    year: "Schuljahr",
    look: "Die Datei ansehen",
    nothingYet: "Vor Ihrer Bestätigung wird nichts gespeichert.",
    noFile: "Wählen Sie eine Datei.",
    unknown: "Diesen Import gibt es nicht mehr. Wählen Sie die Datei noch einmal.",
    changedMeanwhile:
      "Die Schüler haben sich geändert, seit Sie hingesehen haben. Prüfen Sie noch einmal, dann bestätigen Sie.",
    format: "Die Datei",
    formatWhy:
      "Eine Zeile je Schüler, mit bis zu vier Erziehungsberechtigten. Die Matrikelnummer ist die Nummer der Schule: Dieselbe Datei noch einmal importieren bringt auf den neuen Stand und verdoppelt nichts.",
    formatColumns:
      "Nötige Spalten: Matrikelnummer, Nachname, Vorname, Klasse. Die anderen sind frei, in beliebiger Reihenfolge.",
    formatCodes:
      "Getrennt durch Strichpunkte, Kommas oder Tabulatoren; in UTF-8 oder Windows-1252. Eine leere Zelle nimmt nichts weg.",
    example:
      "Matrikelnummer;Nachname;Vorname;Klasse;Allergene;Erziehungsberechtigter 1 Nachname;Erziehungsberechtigter 1 Vorname;Erziehungsberechtigter 1 Mail\n20260117;Müller;Jonas;2A;Erdnüsse, Milch;Müller;Anna;anna@haus.example",
    previewTitle: "Was die Datei ändern würde",
    wrongLines: "Zu verbessernde Zeilen",
    wrongLinesWhy:
      "Sie werden nicht eingelesen. Verbessern Sie sie in der Datei und importieren Sie diese wieder, wann Sie wollen.",
    added: "Neue Schüler",
    changed: "Geänderte Schüler",
    unchanged: "Unverändert",
    guardiansAdded: "Neue Erziehungsberechtigte",
    guardiansChanged: "Geänderte Erziehungsberechtigte",
    line: "Zeile",
    column: "Spalte",
    value: "Wert",
    fault: "Warum",
    confirm: "Den Import bestätigen",
    another: "Eine andere Datei wählen",
    back: "kommt an die Schule zurück",
    missingWhy:
      "Kreuzen Sie an, wer die Schule verlassen hat: Die Karten werden gesperrt, die Familie behält das Guthaben und kann es zurückverlangen. Die anderen bleiben.",
    doneTitle: "Import fertig",
    ignored: (names) => `Nicht verwendete Spalten: ${names}.`,
    became: (field, was, now) => `${field}: ${was} → ${now}`,
    missing: (count) => `Nicht in der Datei: ${count}`,
    done: (added, changed, guardians, left) =>
      `${added} Schüler hinzugefügt, ${changed} geändert, ${guardians} Erziehungsberechtigte hinzugefügt oder geändert, ${left} abgegangen.`,
    fields: {
      number: "Matrikelnummer",
      lastName: "Nachname",
      firstName: "Vorname",
      class: "Klasse",
      allergens: "Allergene",
    },
    faults: {
      missing: "fehlt",
      "too-long": "zu lang",
      formula: "beginnt mit einem Formelzeichen (= + - @)",
      unreadable: "unlesbare Zeichen: falsche Kodierung der Datei",
      "bad-address": "ist keine Mailadresse",
      "bad-language": "unbekannte Sprache: fr, nl, de oder en",
      "bad-allergen": "unbekanntes Allergen",
      "guardian-half": "Name und Vorname sind nötig",
      twice: "schon von einer anderen Zeile gegeben",
      cells: "andere Zahl von Zellen als im Kopf",
      quotes: "Anführungszeichen nie geschlossen: Der Rest der Datei wird nicht gelesen",
      "no-column": "diese Spalte fehlt",
      "too-many": "zu viele Zeilen",
      empty: "leere Datei",
    },
  },
};
