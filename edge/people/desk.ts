// What pages ask to be written. Only the school's gateway object writes to its ledger (two writers can stop a sqld for
// good), so it offers these, and the pages' Worker calls them; what they write is in sessions.ts and ledger/.

import type { Command, CommandResult } from "#edge/ledger/commands.ts";
import type { Language, Session } from "#edge/session.ts";
import type { Bytes } from "#protocol/bytes.ts";

export type Desk = {
  /** Whether a log-in under this name may be tried now, after earlier failures. */
  mayLogIn(username: string): Promise<boolean>;
  logInFailed(username: string): Promise<void>;
  startSession(username: string, session: Session): Promise<void>;
  endSession(hash: Bytes): Promise<void>;
  speak(person: number, language: Language): Promise<void>;
  command(order: Command): Promise<CommandResult>;
};
