// What the gateway writes to people by mail, in Dutch.

import type { MailTexts } from "./fr.ts";

export const nl: MailTexts = {
  locale: "nl-BE",
  headSubject: (school, day) => `${school}: vingerafdruk van het grootboek van ${day}`,
  headBody: (school, day, block, hash) =>
    `Grootboek van ${school}, op het einde van ${day}.

Blok ${block}
${hash}

Bewaar dit bericht. Wie later een kopie van het grootboek krijgt, kan ermee aantonen dat er vóór die datum niets in veranderd is:
npm run verify -- KOPIE --head ${hash}

De vingerafdruk staat ook op de pagina’s van de school, op het adres /heads. Ze zegt niets over een gezin.
`,
};
