// English.

import type { Words } from "./words.ts";

export const en = {
  money: { before: "\x80", decimal: ".", after: "" },
  times: " x ",
  tapCard: "Tap your card",
  choose: { big: "Hello", lines: ["Choose a", "product"] },
  okToPay: "OK to pay",
  moment: { big: "One moment", lines: ["Leave your card", "on the reader"] },
  thanks: "Thanks !",
  voided: { big: "Undone", lines: ["Given back:", ""] },
  confirmVoid: "Undo the sale ?",
  confirmClose: { big: "Close ?", lines: ["End of shift", ""] },
  okForYes: "OK = yes",
  closed: { big: "Closed", lines: ["End of shift", ""] },
  refusals: {
    "out-of-order": { big: "Sorry", lines: ["This till is", "out of order"] },
    "shift-closed": { big: "Closed", lines: ["End of shift", ""] },
    "no-product": { big: "A moment", lines: ["Choose a", "product first"] },
    "total-too-large": { big: "Too large", lines: ["Make it", "two sales"] },
    "journal-full": { big: "Sorry", lines: ["Till is full:", "network needed"] },
    "no-nonces": { big: "Sorry", lines: ["This till needs", "a refill"] },
    "two-cards": { big: "One card", lines: ["One card", "at a time"] },
    "unreadable-card": { big: "Again", lines: ["Lay your card", "flat, please"] },
    "unknown-card": { big: "Unknown", lines: ["Have your card", "activated"] },
    "unproven-card": { big: "Sorry", lines: ["Card to check:", "school office"] },
    "blocked-card": { big: "Sorry", lines: ["Card reported:", "school office"] },
    allergen: { big: "Careful", lines: ["An allergen", "for you in here"] },
    "lease-too-small": { big: "Sorry", lines: ["Please see the", "school office"] },
    "lease-too-small-offline": { big: "Sorry", lines: ["No network:", "try again soon"] },
    "nothing-to-void": { big: "Nothing", lines: ["There is no sale", "to undo"] },
  },
  faults: {
    "settings-missing": { big: "New", lines: ["This till is", "not set up yet"] },
    "state-torn": { big: "Broken", lines: ["Memory", "unreadable"] },
    "journal-torn": { big: "Broken", lines: ["Journal", "unreadable"] },
    "journal-failed": { big: "Broken", lines: ["Nothing charged:", "restart me"] },
    "nonces-lost": { big: "Broken", lines: ["Signatures", "to be renewed"] },
    "display-dead": { big: "Broken", lines: ["Display", "unplugged"] },
    "reader-dead": { big: "Broken", lines: ["The card reader", "is silent"] },
  },
  shortages: {
    "no-nonces": { big: "Refill", lines: ["No signature", "left"] },
    "journal-full": { big: "Full", lines: ["Network", "needed"] },
    "no-prices": { big: "Hello", lines: ["Waiting for", "the prices"] },
  },
} satisfies Words;
