// What the gateway writes to people by mail, in German.

import type { MailTexts } from "./fr.ts";

export const de: MailTexts = {
  locale: "de-BE",
  head: {
    subject: (school, day) => `${school}: Prüfsumme des Hauptbuchs vom ${day}`,
    paragraphs: (school, day) => [`Hauptbuch von ${school}, am Ende des ${day}.`],
    block: "Block",
    hash: "Prüfsumme",
    after: (hash) => [
      "Bewahren Sie diese Nachricht auf. Wer später eine Kopie des Hauptbuchs erhält, kann damit beweisen, dass vor diesem Tag nichts geändert wurde:",
      `npm run verify -- KOPIE --head ${hash}`,
      "Die Prüfsumme steht auch auf den Seiten der Schule, unter /heads. Sie sagt nichts über eine Familie.",
    ],
    note: "Sie erhalten diese Mail, weil Sie die Prüfsummen für die Schule aufbewahren.",
  },
  connection: {
    subject: (school) => `${school}: Öffnen Sie Ihr Konto`,
    hello: (name) => `Guten Tag ${name},`,
    why: "Die Schule hat ein Konto für Sie angelegt: Sie sehen dort das Guthaben und die Einkäufe Ihres Kindes und sperren eine verlorene Karte. Wählen Sie ein Passwort, das dauert weniger als eine Minute.",
  },
  recovery: {
    subject: (school) => `${school}: Ihr Zugang`,
    why: "Hier sind der Benutzername und der Link, um die Sie gebeten haben.",
    ifNot: "Waren Sie es nicht? Tun Sie nichts: Ohne diese Mail kommt niemand hinein.",
  },
  username: "Benutzername",
  code: "Code, falls der Link sich nicht öffnet",
  open: "Mein Konto öffnen",
  openOf: (name) => `Das Konto von ${name} öffnen`,
  once: "Der Link gilt einmal, 14 Tage lang.",
  accountNote:
    "Sie erhalten diese Mail, weil die Schule diese Adresse bei einem ihrer Konten führt.",
  cardBlocked: {
    subject: (child) => `Die Karte von ${child} ist gesperrt`,
    what: (child, moment) => `Die Karte von ${child} wurde am ${moment} gesperrt.`,
    after:
      "Was mit dieser Karte noch gekauft würde, zahlt die Schule, nicht Ihre Familie. Das Guthaben bleibt ganz.",
    found:
      "Eine neue Karte gibt es im Sekretariat. Findet sich die Karte wieder, kann sie freigeben, wer sie gesperrt hat.",
  },
  newDevice: {
    subject: (school) => `${school}: Anmeldung auf einem neuen Gerät`,
    why: (name, moment) =>
      `Jemand hat sich am ${moment} beim Konto von ${name} angemeldet, auf einem Gerät, das wir nicht kannten.`,
    ifYou: "Wenn Sie es waren, ist nichts zu tun.",
    ifNot: "Wenn nicht, melden Sie dieses Gerät ab und ändern Sie Ihr Passwort:",
    button: "Meine Geräte ansehen",
    device: "Gerät",
  },
};
