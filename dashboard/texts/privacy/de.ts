// What the pages of privacy say, in German.

import type { PrivacyTexts } from "./fr.ts";

export const privacy: PrivacyTexts = {
  privacy: {
    title: "Datenschutz",
    why: "Dies ist alles, was die Schule in Obole über Menschen aufbewahrt, warum, wie lange und wer es sieht. Nichts wird verkauft oder jemand anderem gezeigt.",
    what: "Was",
    whatFor: "Warum",
    howLong: "Wie lange",
    whoSees: "Wer es sieht",
    days: (count) => `${count} Tage`,
    keep: {
      erased: "solange die Person an der Schule ist, danach bis der Ökonom es löscht",
      ended: "solange es gebraucht wird, danach am nächsten Tag entfernt",
      books:
        "für immer, wie die Bücher der Schule es verlangen; unter einer Nummer, sobald der Name gelöscht ist",
    },
    viewers: {
      bursar: "Ökonom",
      secretary: "Sekretariat",
      counter: "Theke",
      kitchen: "Küche",
      auditor: "Prüfung",
      guardian: "Erziehungsberechtigte",
      student: "der Schüler selbst",
      terminal: "Terminals der Schule",
      nobody: "niemand",
    },
    matters: {
      account: {
        what: "Name, Benutzername, Sprache, E-Mail-Adresse, Aufgabe",
        why: "um sich anzumelden und Post zu bekommen",
      },
      access: {
        what: "Unlesbar gemachte Passwörter, Zugangsschlüssel, Sitzungen, Einladungen",
        why: "damit niemand anders hineinkommt",
      },
      student: {
        what: "Name und Klasse des Schülers, Verbindung zu Erziehungsberechtigten",
        why: "um zu wissen, wem der Saldo gehört und wer ihn sehen darf",
      },
      health: {
        what: "Allergene, die die Familie gemeldet hat",
        why: "damit niemand isst, was ihm schadet",
      },
      card: {
        what: "Nummern von Karten und Ausweisen",
        why: "um zu bezahlen und eine Theke zu öffnen",
      },
      order: { what: "Bestellungen von Essen", why: "um sie zuzubereiten und auszugeben" },
      book: {
        what: "Saldo, Einkäufe, Einzahlungen, Reserven an Terminals",
        why: "damit jeder Cent bewiesen ist; das Gesetz verpflichtet die Schule, ihre Bücher aufzubewahren",
      },
      mail: { what: "Post, die die Schule verschickt hat", why: "um zu wissen, was gesagt wurde" },
      audit: {
        what: "Was das Team getan hat, und was gelöscht wurde",
        why: "damit jeder für sein Tun einsteht",
      },
    },
    rights: "Ihre Rechte",
    file: "Sie können alles sehen und herunterladen, was über Sie und Ihre Kinder aufbewahrt wird.",
    erasure:
      "Zum Berichtigen oder Löschen wenden Sie sich an den Ökonomen. Ein Schüler wird gelöscht, wenn sein Saldo null ist. Der Text von Buchungen und der Benutzername dessen, der sie vornahm, bleiben in den Büchern.",
    outside:
      "Kein Name verlässt lesbar die Schule: Was zu den Terminals reist, ist versiegelt, und technische Protokolle enthalten nur Nummern.",
  },
  ownFile: {
    mine: "Meine Daten",
    link: "Alle Daten dieses Schülers",
    title: (name) => `Daten von ${name}`,
    why: "Alles, was Obole aufbewahrt, so wie es geschrieben steht. Nur Passwörter und Geheimnisse fehlen.",
    download: "Datei herunterladen (JSON)",
    rows: (count) => (count === 1 ? "1 Zeile" : `${count} Zeilen`),
    more: (count) => `Und ${count} weitere, in der Datei.`,
  },
};
