// Assembles the terminal on a board and runs it.
// The parts meet through the types below.

import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { Backlog } from "#protocol/uplink.ts";
import type { Board } from "./board.ts";

/** drivers/pn532.ts: createReader(board, events) with start(). onGone: the field is empty again. */
export type ReaderEvents = {
  onCard(card: { uid: Bytes; sak: number }): void;
  onGone(): void;
  onTwoCards(): void;
  /** A card that answers wrongly, or with a random UID. */
  onUnreadable(): void;
  /** The chip does not answer any more / answers again. */
  onDead(): void;
  onAlive(): void;
};

/** link.ts: createLink(board, settings, events) with start(), nudge(), ask(student, cents), firstUnsent moved by resend. */
export type LinkEvents = {
  /** Called once per opened, fresh message; the link acknowledges to the broker after it returns. Throws when it could
   * not be persisted: then the link drops the connection. sequence is 0 for a roster page. */
  onDownlink(message: Downlink, sequence: number): void;
  onState(up: boolean): void;
  backlog(): Backlog;
  /** At most max unsent tokens from seq on. */
  tokens(fromSeq: number, max: number): Bytes[];
  /** The last seq that an `ack` has covered. */
  acknowledged(): number;
  /** The last downlink sequence applied (persisted), and what a status message says. */
  applied(): { sequence: number; roster: number; prices: number; blocks: number };
};

export function startTerminal(board: Board): void {
  board.log("terminal: nothing to start yet");
}
