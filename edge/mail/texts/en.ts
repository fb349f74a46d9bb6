// What the gateway writes to people by mail, in English.

import type { MailTexts } from "./fr.ts";

export const en: MailTexts = {
  locale: "en-GB",
  head: {
    subject: (school, day) => `${school}: fingerprint of the ledger of ${day}`,
    paragraphs: (school, day) => [`Ledger of ${school}, at the end of ${day}.`],
    block: "Block",
    hash: "Fingerprint",
    after: (hash) => [
      "Keep this message. Whoever is given a copy of the ledger later can prove with it that nothing before that day was changed:",
      `npm run verify -- COPY --head ${hash}`,
      "The fingerprint is also published on the school's pages, at /heads. It says nothing about any family.",
    ],
    note: "You get this mail because you keep the fingerprints for the school.",
  },
  connection: {
    subject: (school) => `${school}: open your account`,
    hello: (name) => `Hello ${name},`,
    why: "The school has made an account for you: there you see your child's balance and purchases, and you block a card that is lost. Choose a password, it takes less than a minute.",
  },
  recovery: {
    subject: (school) => `${school}: your access`,
    why: "Here are the username and the link that you asked for.",
    ifNot: "Was it not you? Do nothing: without this mail nobody gets in.",
  },
  username: "Username",
  code: "Code, if the link does not open",
  open: "Open my account",
  openOf: (name) => `Open the account of ${name}`,
  once: "The link works once, for 14 days.",
  accountNote: "You get this mail because the school knows this address for one of its accounts.",
  cardBlocked: {
    subject: (child) => `${child}'s card is blocked`,
    what: (child, moment) => `${child}'s card was blocked on ${moment}.`,
    after:
      "Whatever is still bought with this card is paid by the school, not by your family. The balance stays whole.",
    found:
      "Ask the school office for a new card. If the card turns up, whoever blocked it can un-block it.",
  },
  newDevice: {
    subject: (school) => `${school}: log-in from a new device`,
    why: (name, moment) =>
      `Somebody logged in to the account of ${name} on ${moment}, from a device that we did not know.`,
    ifYou: "If it was you, there is nothing to do.",
    ifNot: "If not, log that device out and change your password:",
    button: "See my devices",
    device: "Device",
  },
};
