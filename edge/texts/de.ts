// What the gateway writes to people by mail, in German.

import type { MailTexts } from "./fr.ts";

export const de: MailTexts = {
  locale: "de-BE",
  headSubject: (school, day) => `${school}: Prüfsumme des Hauptbuchs vom ${day}`,
  headBody: (school, day, block, hash) =>
    `Hauptbuch von ${school}, am Ende des ${day}.

Block ${block}
${hash}

Bewahren Sie diese Nachricht auf. Wer später eine Kopie des Hauptbuchs erhält, kann damit beweisen, dass vor diesem Tag nichts geändert wurde:
npm run verify -- KOPIE --head ${hash}

Die Prüfsumme steht auch auf den Seiten der Schule, unter /heads. Sie sagt nichts über eine Familie.
`,
};
