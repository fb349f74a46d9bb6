// What the pages of privacy say, in English.

import type { PrivacyTexts } from "./fr.ts";

export const privacy: PrivacyTexts = {
  privacy: {
    title: "Your data",
    why: "This is all that the school stores about people in Obole, why, for how long and who sees it. Nothing is sold, or shown to anybody else.",
    what: "What",
    whatFor: "Why",
    howLong: "How long",
    whoSees: "Who sees it",
    days: (count) => `${count} days`,
    keep: {
      erased: "while the person is at the school, then until the bursar erases it",
      ended: "while it is of use, then removed the next day",
      books: "for ever, as the school’s books demand; under a number alone once the name is erased",
    },
    viewers: {
      bursar: "bursar",
      secretary: "secretary",
      counter: "counter",
      kitchen: "kitchen",
      auditor: "auditor",
      guardian: "their guardians",
      student: "the student",
      terminal: "the school’s terminals",
      nobody: "nobody",
    },
    matters: {
      account: {
        what: "Name, username, language, e-mail address, role",
        why: "to log in and to receive mail",
      },
      access: {
        what: "Scrambled passwords, passkeys, sessions, invitations",
        why: "so that nobody else comes in",
      },
      student: {
        what: "Name and class of the student, links with guardians",
        why: "to know whose balance it is and who may see it",
      },
      health: {
        what: "Allergens that the family has told the school",
        why: "so that nobody eats what harms them",
      },
      card: { what: "Numbers of cards and badges", why: "to pay, and to open a counter" },
      order: { what: "Orders of meals", why: "to prepare them and hand them over" },
      book: {
        what: "Balance, purchases, payments, reserves at terminals",
        why: "so that every cent is proven; the law has the school keep its books",
      },
      mail: { what: "Mail that the school has sent", why: "to know what was said" },
      audit: {
        what: "What staff did, and what was erased",
        why: "so that everybody answers for what they do",
      },
    },
    rights: "Your rights",
    file: "You may see and download all that is stored about you and your children.",
    erasure:
      "To correct or erase something, turn to the bursar. A student is erased when the balance is zero. The wording of bookings, and the username of who made them, stay in the books.",
    outside:
      "No name leaves the school readable: what travels to terminals is sealed, and technical logs hold numbers alone.",
  },
  ownFile: {
    mine: "My data",
    link: "All data of this student",
    title: (name) => `Data of ${name}`,
    why: "All that Obole stores, as it is written. Only passwords and secrets are missing.",
    download: "Download the file (JSON)",
    rows: (count) => (count === 1 ? "1 row" : `${count} rows`),
    more: (count) => `And ${count} more, in the file.`,
  },
};
