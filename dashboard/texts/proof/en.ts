// What pages say of proof, in English: published heads, the mail that carries them, receipts.

import type { ProofTexts } from "./fr.ts";

export const proof: ProofTexts = {
  heads: {
    title: "Fingerprints of the ledger",
    why: "Each night the school publishes the fingerprint of its ledger. Whoever keeps one can prove later that nothing before it was changed. A fingerprint says nothing about any family.",
    now: (block) => `At this moment, block ${block}:`,
    published: "Published fingerprints",
    none: "No fingerprint has been published yet.",
    block: (block) => `block ${block}`,
  },
  outbox: {
    title: "The school's mail",
    why: "Every message is kept here, word for word.",
    none: "No messages.",
    sent: (moment) => `sent on ${moment}`,
    states: {
      waiting: "waits",
      sent: "sent",
      refused: "refused: this address takes no mail",
      "given-up": "given up after four days",
    },
    tried: (tries) => (tries === 1 ? "waits, 1 try" : `waits, ${tries} tries`),
    deadWhy:
      "Nothing more is sent to this address until you say that it works, or give this person another one.",
    again: "It works: send again",
  },
  receipt: {
    title: "Check it yourself",
    why: "The receipt holds all that is needed to check this movement without us: here, or later with npm run verify.",
    check: "Check in this browser",
    download: "Download the receipt",
    failed: "The check could not be made. Try again in a moment.",
    good: {
      signature: "Valid signature: the terminal signed exactly these bytes.",
      page: "The page says what was signed.",
      posted: "The postings carry the fingerprint of this proof.",
      block: "The ledger's block holds exactly these postings.",
      head: "The block leads to the fingerprint that the school has published.",
    },
    bad: {
      signature: "Signature not valid: what you see was not signed by this terminal.",
      page: "The page does not say what was signed.",
      posted: "The postings do not match this proof.",
      block: "The ledger's block holds other postings.",
      head: "The block does not lead to the published fingerprint.",
    },
    unknown: {
      signature:
        "This browser cannot check an Ed25519 signature: download the receipt, or use a recent browser.",
      page: "Nothing was signed by a terminal.",
      posted: "No posting.",
      block: "This movement moved no money: no block holds it.",
      head: "The fingerprint of this day will be published next night: come back then.",
    },
  },
};
