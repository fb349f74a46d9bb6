// What pages say of leases, in English: where a balance is reserved, and devices that are given up.

import type { LeaseTexts } from "./fr.ts";

export const leases: LeaseTexts = {
  reserved: {
    title: "Where the balance is reserved",
    free: (amount) => `Free for everything else: ${amount}.`,
    why: "Each terminal can sell without a network up to the amount reserved for it, and nobody else can touch that. It gives it back when it closes in the evening, or as soon as another terminal or the office needs it.",
    granted: (ago) => `Reserved ${ago}.`,
    here: "Terminal connected: it can give it back at once.",
    away: (ago) => `Terminal offline (seen ${ago}): it keeps the amount until it is back.`,
    old: "Old device: the amount stays reserved until the school gives the device up.",
  },
  writeOff: {
    title: (name) => `Give up the device ${name}`,
    devices: "What devices have reserved",
    devicesWhy:
      "A device that is lost, stolen or replaced keeps what it has reserved until the school gives it up.",
    epoch: (epoch) => `epoch ${epoch}`,
    replaced: (epoch) => `epoch ${epoch}, replaced`,
    holds: (students, amount) =>
      students === 0
        ? "reserves nothing"
        : `${amount} for ${students === 1 ? "one student" : `${students} students`}`,
    means:
      "These amounts become free for the families again. What the device has sold and not sent yet, and what it may still sell, is borne by the school, never by a family.",
    final: "This is final: to be used again, the device must be registered anew.",
    submit: "Give up this device",
    link: "Lost, stolen or replaced",
    back: "Back to the terminals",
    already: "The school has already given it up.",
    gone: (date) => `given up on ${date}`,
    recovering: (ago) =>
      `Still has to say what it sold: the ledger was set back to a backup ${ago}.`,
  },
};
