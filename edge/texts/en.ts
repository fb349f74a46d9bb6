// What the gateway writes to people by mail, in English.

import type { MailTexts } from "./fr.ts";

export const en: MailTexts = {
  locale: "en-GB",
  headSubject: (school, day) => `${school}: fingerprint of the ledger of ${day}`,
  headBody: (school, day, block, hash) =>
    `Ledger of ${school}, at the end of ${day}.

Block ${block}
${hash}

Keep this message. Whoever is given a copy of the ledger later can prove with it that nothing before that day was changed:
npm run verify -- COPY --head ${hash}

The fingerprint is also published on the school's pages, at /heads. It says nothing about any family.
`,
};
