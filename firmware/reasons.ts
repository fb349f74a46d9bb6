// Every reason for which the terminal does not sell, as closed lists: a refusal answers one tap or
// key, a fault lasts until it heals. Texts have one screen for each (the compiler counts them).

export type Refusal =
  | "out-of-order"
  | "shift-closed"
  | "no-product"
  | "total-too-large"
  | "journal-full"
  | "no-nonces"
  | "two-cards"
  | "unreadable-card"
  | "unknown-card"
  | "unproven-card"
  | "blocked-card"
  | "allergen"
  | "lease-too-small"
  | "lease-too-small-offline"
  | "nothing-to-void"
  | "no-order"
  | "already-collected"
  | "orders-unknown";

/** What is broken, worst first: the display names the first one that is present. None of them ever
 * sells. */
export const FAULTS = [
  "settings-missing",
  "state-torn",
  "journal-torn",
  "journal-failed",
  "nonces-lost",
  "display-dead",
  "reader-dead",
] as const;

export type Fault = (typeof FAULTS)[number];

/** What stops the sales of a healthy terminal until the network or somebody comes. */
export type Shortage = "no-nonces" | "journal-full" | "no-prices";
