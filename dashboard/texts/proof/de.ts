// What pages say of proof, in German: published heads, the mail that carries them, receipts.

import type { ProofTexts } from "./fr.ts";

export const proof: ProofTexts = {
  heads: {
    title: "Prüfsummen des Hauptbuchs",
    why: "Jede Nacht veröffentlicht die Schule die Prüfsumme ihres Hauptbuchs. Wer eine aufbewahrt, kann später beweisen, dass davor nichts geändert wurde. Eine Prüfsumme sagt nichts über eine Familie.",
    now: (block) => `In diesem Augenblick, Block ${block}:`,
    published: "Veröffentlichte Prüfsummen",
    none: "Noch wurde keine Prüfsumme veröffentlicht.",
    block: (block) => `Block ${block}`,
  },
  outbox: {
    title: "Post der Schule",
    why: "Jede Nachricht wird hier Wort für Wort aufbewahrt.",
    none: "Keine Nachrichten.",
    sent: (moment) => `verschickt am ${moment}`,
    states: {
      waiting: "wartet",
      sent: "gesendet",
      refused: "abgewiesen: Diese Adresse empfängt nichts",
      "given-up": "nach vier Tagen aufgegeben",
    },
    tried: (tries) => (tries === 1 ? "wartet, 1 Versuch" : `wartet, ${tries} Versuche`),
    deadWhy:
      "An diese Adresse wird nichts mehr gesendet, bis Sie sagen, dass sie funktioniert, oder dieser Person eine andere geben.",
    again: "Sie funktioniert: noch einmal senden",
  },
  receipt: {
    title: "Selbst prüfen",
    why: "Die Quittung enthält alles, um diese Bewegung ohne uns zu prüfen: hier, oder später mit npm run verify.",
    check: "In diesem Browser prüfen",
    download: "Quittung herunterladen",
    failed: "Die Prüfung war nicht möglich. Versuchen Sie es gleich noch einmal.",
    good: {
      signature: "Gültige Unterschrift: das Terminal hat genau diese Bytes signiert.",
      page: "Die Seite sagt, was signiert wurde.",
      posted: "Die Buchungen tragen die Prüfsumme dieses Belegs.",
      block: "Der Block des Hauptbuchs enthält genau diese Buchungen.",
      head: "Der Block führt zur Prüfsumme, die die Schule veröffentlicht hat.",
    },
    bad: {
      signature: "Ungültige Unterschrift: was Sie sehen, hat dieses Terminal nicht signiert.",
      page: "Die Seite sagt nicht, was signiert wurde.",
      posted: "Die Buchungen passen nicht zu diesem Beleg.",
      block: "Der Block des Hauptbuchs enthält andere Buchungen.",
      head: "Der Block führt nicht zur veröffentlichten Prüfsumme.",
    },
    unknown: {
      signature:
        "Dieser Browser kann keine Ed25519-Unterschrift prüfen: laden Sie die Quittung herunter, oder nehmen Sie einen neueren Browser.",
      page: "Nichts wurde von einem Terminal signiert.",
      posted: "Keine Buchung.",
      block: "Diese Bewegung hat kein Geld bewegt: kein Block enthält sie.",
      head: "Die Prüfsumme dieses Tages wird in der nächsten Nacht veröffentlicht: kommen Sie danach wieder.",
    },
  },
};
