// What the terminal knows at a moment, what can happen to it and what it then does: the types that
// the pure state machine (terminal.ts) and its screens (screens.ts) share. Nothing here touches the
// world.

import type { Bytes } from "#protocol/bytes.ts";
import type { Product, Till } from "#protocol/downlink.ts";
import type {
  Close,
  Collect,
  Line,
  Lowered,
  Open,
  Proof,
  Purchase,
  Void,
} from "#protocol/entry.ts";
import type { Order, OrderLine } from "#protocol/orders.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import type { Basket } from "./basket.ts";
import type { Fault, Refusal } from "./reasons.ts";
import type { Screen, Tune } from "./screen.ts";

/** The price list in force; products by their number, because the interpreter finds a property
 * faster than it walks a list. */
export type Catalogue = { version: number; till: Till; products: Products };
export type Products = { [product: number]: Product };

/** The terminal's own condition, as main.ts last looked. room: entries that still fit the journal;
 * nonces: signatures still possible; oldest and now: seconds since 1970, oldest 0 when nothing
 * waits; nextSeq: of the next entry. */
export type Report = {
  online: boolean;
  unsent: number;
  oldest: number;
  now: number;
  clockTrusted: boolean;
  room: number;
  nonces: number;
  nextSeq: number;
};

/** What a card is laid for; facts are gathered for that only, because the tap of a sale must be
 * quick. */
export type Question = "sale" | "balance" | "orders";

/** What is known of a card at the moment it counts. record is undefined for a card not on the
 * roster of that version; leaseCents is what this terminal may still debit; graceUsedCents what
 * the student had today. balance is undefined when nobody asks or the gateway has not said it since
 * this start; orders when nobody asks or today's list is not here. */
export type Facts = {
  card: Bytes;
  proof: Proof;
  record: RosterRecord | undefined;
  roster: number;
  blocked: boolean;
  leaseCents: number;
  leaseVersion: number;
  graceUsedCents: number;
  balance?: Balance | undefined;
  orders?: Order[] | undefined;
};

/** What the wallet holds, and the last word of the gateway (seconds since 1970) on which that
 * rests. */
export type Balance = { cents: number; heardAt: number };

/** The sale that the void key takes back. */
export type Sale = {
  seq: number;
  card: Bytes;
  student: number;
  totalCents: number;
  lease: number;
};

export type Notice =
  | { kind: "accepted"; name: string; totalCents: number }
  | { kind: "voided"; totalCents: number }
  | { kind: "refused"; reason: Refusal }
  /** The terminal may not know it. */
  | { kind: "balance"; balance: Balance | undefined }
  /** What is to be handed over, shown from that line on. */
  | { kind: "collected"; lines: OrderLine[]; from: number };

/** Where a notice gives way to. */
export type Resting = "choosing" | "paying" | "collecting" | "closed";

export type Phase =
  /** Products are chosen; with an empty basket a tap alone buys the soup. */
  | { at: "choosing" }
  /** OK was pressed: the next card pays the basket. */
  | { at: "paying" }
  /** The gateway was asked for a larger lease; lines wait with the facts of the card. */
  | ({ at: "asking" } & Wish)
  /** The student must not eat this; the badge of a member of staff lets it pass. */
  | ({ at: "warned"; product: number } & Wish)
  /** A card is laid to take what was ordered, not to buy. */
  | { at: "collecting" }
  | { at: "confirming"; what: "void" | "close" }
  | { at: "closed" }
  /** card: whose answer it is; the same card again asks for its balance. */
  | { at: "notice"; notice: Notice; next: Resting; card: Bytes | undefined };

/** A sale that is not decided yet. allowedBy: the operator whose badge lets an allergen pass, 0 for
 * nobody. */
export type Wish = { lines: Line[]; facts: Facts; allowedBy: number };

export type State = {
  /** The body of the entry that opens each shift: which firmware, which start. */
  open: Open;
  /** Whose badge opened the shift, 0 for nobody's: in every entry. */
  operator: number;
  catalogue: Catalogue | undefined;
  /** A price list that arrived while a basket was shown: the shown prices hold until that basket is
   * done. */
  newCatalogue: Catalogue | undefined;
  report: Report;
  faults: Fault[];
  /** The card lying on the reader; once counted it must leave before it counts again. */
  field: { card: Bytes; proof: Proof; counted: boolean } | undefined;
  basket: Basket;
  phase: Phase;
  lastSale: Sale | undefined;
};

export type Event =
  /** Power came on and everything that could be opened is open. */
  | { kind: "start" }
  | { kind: "report"; report: Report }
  | { kind: "catalogue"; catalogue: Catalogue }
  /** facts of the card in the field that has not counted yet, if there is one. */
  | { kind: "key"; key: number; facts: Facts | undefined }
  | { kind: "card"; facts: Facts }
  | { kind: "gone" }
  | { kind: "two-cards" }
  | { kind: "unreadable-card" }
  /** The gateway spoke of the student we asked about: the facts anew. */
  | { kind: "answer"; facts: Facts }
  /** The gateway wants a lease back: the entry that answers it. lying: whose card lies on the reader
   * and has not counted, 0 for nobody's. */
  | { kind: "lower"; body: Lowered; lying: number }
  /** It wants all of them, with the shift closed, or opened again at once by `reopen`. */
  | { kind: "recall"; reopen: boolean }
  | { kind: "reopen" }
  /** The wait that the last `wait` effect began is over. */
  | { kind: "timeout" }
  | { kind: "fault"; fault: Fault }
  | { kind: "healed"; fault: Fault };

/** Done in order; one that throws becomes a fault, and those after it are not done. */
export type Effect =
  /** Sign and append an entry of this body. It is always first, and until it is done the new state
   * does not hold. */
  | { kind: "journal"; body: Body; operator: number }
  | { kind: "ask"; student: number; cents: number }
  | { kind: "tone"; tune: Tune }
  | { kind: "screen"; screen: Screen }
  /** Replaces the wait before it; 0 only ends that. */
  | { kind: "wait"; timeoutMs: number };

export type Body = Open | Purchase | Void | Collect | Lowered | Close;
export type Step = { state: State; effects: Effect[] };
