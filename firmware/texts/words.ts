// The words of the terminal: one file a language gives all of these. Latin-1 only, because strings
// are bytes on the interpreter and the fonts have no more; the euro sign is 0x80 there.
// words.test.ts counts the characters.

import type { Fault, Refusal, Shortage } from "../reasons.ts";

/** A whole screen: big at most 10 characters, two lines of at most 16. */
export type Message = { big: string; lines: [string, string] };

export type Messages = {
  choose: Message;
  moment: Message;
  voided: Message;
  confirmClose: Message;
  closed: Message;
  /** The same where only a badge opens. */
  closedForBadge: Message;
  balanceUnknown: Message;
  /** A card is laid to collect an order. */
  collect: Message;
};

export type Words = {
  /** Around and inside an amount: "1,00 EUR". */
  money: { before: string; decimal: string; after: string };
  /** Stands between a quantity and a product. */
  times: string;
  tapCard: string;
  /** Under the total of a basket. */
  okToPay: string;
  /** The big word of every sale; the same for everyone. */
  thanks: string;
  confirmVoid: string;
  okForYes: string;
  /** Under the figure of a balance, and before the time since when it may have changed. */
  balance: string;
  asOf: string;
  /** What is handed over stands under it. */
  handOver: string;
  /** Functions, because these are many and seldom shown: they stay in flash until one is. */
  messages: () => Messages;
  refusals: () => { [reason in Refusal]: Message };
  faults: () => { [fault in Fault]: Message };
  shortages: () => { [shortage in Shortage]: Message };
};
