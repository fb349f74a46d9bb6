// What the display shows in each state. A pure function, so that the screens are tested as a table;
// words come from texts/, pixels from drivers/ssd1306.ts. An accepted sale looks the same however
// it is paid.

import { toLatin1 } from "#protocol/bytes.ts";
import type { Line } from "#protocol/entry.ts";
import type { OrderLine } from "#protocol/orders.ts";
import { totalOfLines } from "./basket.ts";
import type { Shortage } from "./reasons.ts";
import { FAULTS } from "./reasons.ts";
import { ENTRIES_KEPT } from "./sale.ts";
import type { Screen, Status } from "./screen.ts";
import { BIG_CHARS, LINE_CHARS } from "./screen.ts";
import type { Balance, Catalogue, Notice, Report, State } from "./state.ts";
import { moneyText, wordsOf } from "./texts/languages.ts";
import type { Message, Words } from "./texts/words.ts";
import { wallClock } from "./wall-clock.ts";

export function screenOf(state: State): Screen {
  const words = wordsOf(state.catalogue ? state.catalogue.till.language : "fr");
  const message = messageOf(state, words);
  return {
    status: statusOf(state.report),
    big: message.big.substr(0, BIG_CHARS),
    lines: [message.lines[0].substr(0, LINE_CHARS), message.lines[1].substr(0, LINE_CHARS)],
  };
}

function statusOf(report: Report): Status {
  const ageSeconds = report.oldest ? Math.max(0, report.now - report.oldest) : 0;
  return {
    online: report.online,
    unsent: report.unsent,
    oldestMinutes: Math.floor(ageSeconds / 60),
    clock: report.clockTrusted ? wallClock(report.now) : "--:--",
  };
}

/** A fault covers all; then what was just done or asked; then what a tap would meet. */
function messageOf(state: State, words: Words): Message {
  for (let i = 0; state.faults.length && i < FAULTS.length; i++) {
    const fault = FAULTS[i];
    if (fault && state.faults.indexOf(fault) >= 0) return words.faults()[fault];
  }
  const phase = state.phase;
  if (phase.at === "notice") return noticeMessage(state, phase.notice, words);
  if (phase.at === "warned")
    return withSecondLine(words.refusals().allergen, nameOfProduct(state, phase.product));
  if (phase.at === "asking") return words.messages().moment;
  if (phase.at === "closed") return closedMessage(state, words);
  if (phase.at === "confirming") return confirmMessage(state, phase.what, words);
  const shortage = shortageOf(state);
  if (shortage) return words.shortages()[shortage];
  if (phase.at === "collecting") return words.messages().collect;
  const lines = state.basket.lines;
  if (phase.at === "paying")
    return {
      big: moneyText(words, totalOfLines(lines)),
      lines: [words.tapCard, lineText(state, lines[state.basket.selected], words)],
    };
  if (lines.length)
    return {
      big: moneyText(words, totalOfLines(lines)),
      lines: [lineText(state, lines[state.basket.selected], words), words.okToPay],
    };
  return idleMessage(state.catalogue, words);
}

/** What makes every tap refused, said before anybody taps. */
export function shortageOf(state: State): Shortage | undefined {
  if (state.report.nonces < ENTRIES_KEPT) return "no-nonces";
  if (state.report.room < ENTRIES_KEPT) return "journal-full";
  if (!state.catalogue) return "no-prices";
  return undefined;
}

function idleMessage(catalogue: Catalogue | undefined, words: Words): Message {
  const soup = catalogue ? catalogue.products[catalogue.till.soup] : undefined;
  if (!soup) return words.messages().choose;
  return { big: moneyText(words, soup.unitCents), lines: [toLatin1(soup.name), words.tapCard] };
}

function noticeMessage(state: State, notice: Notice, words: Words): Message {
  if (notice.kind === "accepted")
    return { big: words.thanks, lines: [notice.name, moneyText(words, notice.totalCents)] };
  if (notice.kind === "balance") return balanceMessage(state, notice.balance, words);
  if (notice.kind === "collected") {
    const first = pieceText(state, notice.lines[notice.from]);
    const second = pieceText(state, notice.lines[notice.from + 1]);
    return { big: words.handOver, lines: [first, second] };
  }
  if (notice.kind === "voided")
    return withSecondLine(words.messages().voided, moneyText(words, notice.totalCents));
  return words.refusals()[notice.reason];
}

function confirmMessage(state: State, what: "void" | "close", words: Words): Message {
  if (what === "close" || !state.lastSale)
    return withSecondLine(words.messages().confirmClose, words.okForYes);
  return {
    big: moneyText(words, state.lastSale.totalCents),
    lines: [words.confirmVoid, words.okForYes],
  };
}

function withSecondLine(message: Message, line: string): Message {
  return { big: message.big, lines: [message.lines[0], line] };
}

/** Never below zero: a lease and what lies beside it are money that is there. */
function balanceMessage(state: State, balance: Balance | undefined, words: Words): Message {
  if (!balance) return words.messages().balanceUnknown;
  const age = state.report.online ? "" : words.asOf + wallClock(balance.heardAt);
  return { big: moneyText(words, balance.cents), lines: [words.balance, age] };
}

/** The counter that only a badge opens says so. */
function closedMessage(state: State, words: Words): Message {
  return state.catalogue && state.catalogue.till.badge
    ? words.messages().closedForBadge
    : words.messages().closed;
}

/** "2 Jambon-fromage": a name may need the whole line. */
function pieceText(state: State, line: OrderLine | undefined): string {
  return line ? line.quantity + " " + nameOfProduct(state, line.product) : "";
}

function nameOfProduct(state: State, number: number): string {
  const product = state.catalogue ? state.catalogue.products[number] : undefined;
  return product ? toLatin1(product.name) : String(number);
}

/** "2 x Potage" */
function lineText(state: State, line: Line | undefined, words: Words): string {
  if (!line) return "";
  const text = line.quantity + words.times + nameOfProduct(state, line.product);
  return text.length > LINE_CHARS ? pieceText(state, line) : text;
}
