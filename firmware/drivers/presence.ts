// Decides from what each poll of the reader sees when a card counts: pure, without chip or clock.
// One tap is one event: a card counts when it was seen alone twice running, and may count again only after the
// field was empty for a while.

import type { Bytes } from "#protocol/bytes.ts";
import { isSame } from "../flash.ts";

/** uid as the card tells it, 4, 7 or 10 bytes; sak says what kind of card (NXP AN10833). */
export type Card = { uid: Bytes; sak: number };

/** What one poll saw. */
export type Sighting =
  | { kind: "nothing" }
  | { kind: "card"; card: Card }
  | { kind: "two-cards" }
  /** A card whose UID is random or has no valid length. */
  | { kind: "unreadable" };

export type Presence =
  | { kind: "empty" }
  /** Seen once. The second of two cards in a purse often answers one poll later than the first. */
  | { kind: "seen"; card: Card }
  | { kind: "counted"; card: Card; empties: number }
  /** Refused: nothing counts until the field is empty, or the luckier of two cards would pay. */
  | { kind: "refused"; empties: number };

export type Notice =
  | { kind: "none" }
  | { kind: "card"; card: Card }
  | { kind: "two-cards" }
  | { kind: "unreadable" }
  | { kind: "gone" };

/** Empty polls before the same card counts again: a card moved about in the field misses one or two. */
export const EMPTY_POLLS = 3;

export const EMPTY: Presence = { kind: "empty" };
/** The field has to become empty first. */
export const REFUSED: Presence = { kind: "refused", empties: 0 };
const NONE: Notice = { kind: "none" };
const GONE: Notice = { kind: "gone" };

export type Observed = { presence: Presence; notice: Notice };

export function observe(presence: Presence, sighting: Sighting): Observed {
  if (sighting.kind === "nothing") return observeNothing(presence);
  if (presence.kind === "refused") return { presence: REFUSED, notice: NONE };
  if (sighting.kind !== "card") return { presence: REFUSED, notice: { kind: sighting.kind } };
  const card = sighting.card;
  const same = presence.kind !== "empty" && isSame(presence.card.uid, card.uid);
  if (presence.kind === "counted") {
    if (same) return { presence: { kind: "counted", card, empties: 0 }, notice: NONE };
    return { presence: { kind: "seen", card }, notice: GONE };
  }
  if (!same) return { presence: { kind: "seen", card }, notice: NONE };
  return { presence: { kind: "counted", card, empties: 0 }, notice: { kind: "card", card } };
}

function observeNothing(presence: Presence): Observed {
  if (presence.kind === "empty" || presence.kind === "seen")
    return { presence: EMPTY, notice: NONE };
  const empties = presence.empties + 1;
  if (empties >= EMPTY_POLLS) return { presence: EMPTY, notice: GONE };
  if (presence.kind === "refused") return { presence: { kind: "refused", empties }, notice: NONE };
  return { presence: { kind: "counted", card: presence.card, empties }, notice: NONE };
}
