// The accounts as the school's office sees them, in German.

import type { Office } from "./fr.ts";

export const office: Office = {
  people: {
    title: "Zugänge",
    search: "Name, Benutzername oder Adresse",
    state: "Stand",
    anyState: "Alle",
    states: { closed: "nie geöffnet", open: "geöffnet", "no-mail": "ohne Mailadresse" },
    name: "Person",
    role: "Rolle",
    address: "Mailadresse",
    noAddress: "keine",
    roles: {
      bursar: "Verwaltung",
      secretary: "Sekretariat",
      counter: "Theke",
      kitchen: "Küche",
      guardian: "Eltern",
      student: "Schüler",
      auditor: "Prüfung",
    },
    count: (count, closed) => `${count} Konten, davon ${closed} nie geöffnet`,
    invited: (count) =>
      count === 1 ? "1 Mail ist abgegangen." : `${count} Mails sind abgegangen.`,
    openedOn: (date) => `geöffnet am ${date}`,
    invitedOn: (date) => `eingeladen am ${date}`,
    neverInvited: "nie eingeladen",
    inviteAll: "Alle dieser Liste einladen, die ihr Konto nie geöffnet haben",
    inviteAllWhy:
      "Jeder erhält seinen Benutzernamen und einen Link für einmal, 14 Tage gültig. Schon gesendete Links bleiben gültig.",
    inviteByMail: (count) => `${count} Mails senden`,
    inviteOnPaper: (count) => `${count} Briefe drucken (ohne Mailadresse)`,
  },
  person: {
    children: "Kinder",
    mail: "Einen Anmeldelink senden",
    mailWhy: "Für die erste Anmeldung, ein vergessenes Passwort, eine Mail, die nie ankam.",
    mailed: "Die Mail ist abgegangen.",
    cannotMail:
      "Es kann keine Mail abgehen: Die Adresse fehlt, oder die Person hat die Schule verlassen.",
    letter: "Brief",
    letterWhy: "Ein Blatt zum Übergeben, mit einem Code für einmal.",
    print: "Den Brief drucken",
    addressSaved: "Die Adresse ist gespeichert.",
    factorWhy:
      "Wenn Telefon und Notfallcodes verloren sind. Vergewissern Sie sich zuerst, wer fragt.",
    resetFactor: "Den zweiten Faktor entfernen",
    factorReset: "Der zweite Faktor ist entfernt; ein neuer muss eingerichtet werden.",
    ownFactor: "Bitten Sie jemand anderen, Ihren zweiten Faktor zu entfernen.",
    noReason: "Sagen Sie, warum.",
  },
};
