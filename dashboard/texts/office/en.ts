// The accounts as the school's office sees them, in English.

import type { Office } from "./fr.ts";

export const office: Office = {
  people: {
    title: "Accounts",
    search: "Name, username or address",
    state: "State",
    anyState: "All",
    states: { closed: "never opened", open: "opened", "no-mail": "without a mail address" },
    name: "Person",
    role: "Role",
    address: "Mail address",
    noAddress: "none",
    roles: {
      bursar: "bursar",
      secretary: "school office",
      counter: "counter",
      kitchen: "kitchen",
      guardian: "guardian",
      student: "student",
      auditor: "auditor",
    },
    count: (count, closed) => `${count} accounts, of which ${closed} never opened`,
    invited: (count) => (count === 1 ? "1 mail has left." : `${count} mails have left.`),
    openedOn: (date) => `opened on ${date}`,
    invitedOn: (date) => `invited on ${date}`,
    neverInvited: "never invited",
    inviteAll: "Invite those of this list who never opened their account",
    inviteAllWhy:
      "Each gets their username and a link for one use, valid for 14 days. Links that were sent before stay valid.",
    inviteByMail: (count) => `Send ${count} mails`,
    inviteOnPaper: (count) => `Print ${count} letters (no mail address)`,
  },
  person: {
    children: "Children",
    mail: "Send a connection link",
    mailWhy: "For the first time, a forgotten password, a mail that never came.",
    mailed: "The mail has left.",
    cannotMail: "No mail can leave: the address is missing, or the person has left the school.",
    letter: "Letter",
    letterWhy: "A page to be handed over, with a code for one use.",
    print: "Print the letter",
    addressSaved: "The address is saved.",
    factorWhy: "When the phone and the recovery codes are lost. Make sure first who is asking.",
    resetFactor: "Remove the second factor",
    factorReset: "The second factor is removed; a new one has to be set up.",
    ownFactor: "Ask somebody else to remove your second factor.",
    noReason: "Say why.",
  },
};
