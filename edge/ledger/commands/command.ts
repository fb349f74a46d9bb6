// What people and jobs may ask of the ledger, and what they are told. The author chooses the id of a
// command, so that asking twice is harmless; seconds since 1970, cents.

/** A family pays a term in advance at most; a slip of the keyboard should not pass. */
export const TOP_UP_CENTS_MAX = 100_000;
const ID_LENGTH_MAX = 100;

export type Means = "cash" | "transfer" | "correction";
/** payer: the guardian whose money it is, where the school knows: other guardians are not told who paid, nor how. */
export type TopUp = {
  kind: "topUp";
  student: number;
  cents: number;
  means: Means;
  note: string;
  payer?: number;
};
export type OpenAccount = { kind: "openAccount"; account: "wallet" | "sales"; ref: string };
/** Undoes a whole source (a purchase, a top-up), once: each of its transfers turned round. */
export type Reverse = { kind: "reverse"; source: number; counter: number; reason: string };
/** A family asks money back: owed to it from now on, until the bank has paid it. */
export type Refund = { kind: "refund"; student: number; cents: number; reason: string };
/** unitCents: as shown to whoever orders. */
export type OrderedLine = {
  product: number;
  revision: number;
  quantity: number;
  unitCents: number;
};
/** day: days since 1970, by the school's calendar. */
export type PreOrder = { kind: "preOrder"; student: number; day: number; lines: OrderedLine[] };
/** order: its number; student: whose it is, so that nobody cancels another's. */
export type CancelPreOrder = { kind: "cancelPreOrder"; order: number; student: number };
/** A family gives what a child who leaves had left: to the school's solidarity, or to the child's sibling. */
export type Gift = { kind: "gift"; student: number; cents: number; reason: string };
export type ToSibling = {
  kind: "toSibling";
  student: number;
  to: number;
  cents: number;
  reason: string;
};
/** The school gives a family something, with no sale to undo. */
export type Goodwill = { kind: "goodwill"; student: number; cents: number; reason: string };
/** One transfer of an unknown card is this student's after all: the wallet pays it (or is given it). */
export type Assign = {
  kind: "assign";
  source: number;
  counter: number;
  line: number;
  student: number;
  reason: string;
};
/** What fell on risk or solidarity is given up: the account returns towards zero. */
export type CoverLoss = {
  kind: "coverLoss";
  account: "risk/terminals" | "solidarity/grace";
  cents: number;
  reason: string;
};

export type Order =
  | TopUp
  | Refund
  | OpenAccount
  | PreOrder
  | CancelPreOrder
  | Reverse
  | Goodwill
  | Assign
  | CoverLoss
  | Gift
  | ToSibling;
export type Command = { id: string; author: string; at: number } & Order;
export type CommandRefusal =
  | "bad-id"
  | "other-content"
  | "unknown-student"
  | "cents-out-of-range"
  | "not-covered"
  | "recovering"
  | "bad-ref"
  | "no-reason"
  | "unknown-source"
  | "reversed"
  | "is-correction"
  | "assigned"
  | "not-in-suspense"
  | "is-order"
  | "bad-day"
  | "bad-lines"
  | "price-changed"
  | "unknown-order"
  | "collected"
  | "cancelled";
/** account: the one credited or opened, 0 when there are several; student: whose wallet moved or is
 * short, where the order does not say so. */
export type CommandResult =
  | { ok: true; replayed: boolean; account: number; student?: number }
  | { ok: false; reason: CommandRefusal; student?: number };

export const isId = (id: string): boolean => id !== "" && id.length <= ID_LENGTH_MAX;

/** What one command may move. */
export const isAmount = (cents: number): boolean =>
  Number.isSafeInteger(cents) && cents > 0 && cents <= TOP_UP_CENTS_MAX;
