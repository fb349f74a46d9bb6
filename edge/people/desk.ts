// What pages ask to be written. Only the school's gateway object writes to its ledger (two writers can stop a sqld for
// good), so it keeps one desk, and the pages' Worker asks it there.

import type { Command, CommandResult } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import type { Closing, ClosingResult } from "#edge/ledger/periods.ts";
import { closePeriod } from "#edge/ledger/periods.ts";
import { registerTerminal } from "#edge/ledger/registrations.ts";
import type { WriteOff, WriteOffResult } from "#edge/ledger/write-offs.ts";
import { writeOff } from "#edge/ledger/write-offs.ts";
import type { Session } from "#edge/session.ts";
import type { Setting } from "#edge/settings.ts";
import { changeSetting } from "#edge/settings.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import type { Act, ActResult } from "./acts.ts";
import { runAct } from "./acts.ts";
import type { Attempts } from "./attempts.ts";
import { countFailure, forgiveFailures, mayTry } from "./attempts.ts";
import { forgetSession, storeSession } from "./sessions.ts";

/** now in seconds since 1970. */
export type Desk = {
  /** Whether a log-in under this name may be tried now, after earlier failures. */
  mayLogIn(username: string, now: number): Promise<boolean>;
  logInFailed(username: string, now: number): Promise<void>;
  startSession(username: string, session: Session, now: number): Promise<void>;
  endSession(hash: Bytes): Promise<void>;
  /** What is not money: cards, families, people. */
  act(act: Act): Promise<ActResult>;
  command(order: Command): Promise<CommandResult>;
  register(order: Registration, now: number): Promise<RegistrationResult>;
  writeOff(order: WriteOff): Promise<WriteOffResult>;
  closePeriod(order: Closing): Promise<ClosingResult>;
  /** False when it is out of range. */
  set(setting: Setting): Promise<boolean>;
};

/** attempts belongs to the one who opens the desk, and lives as long. */
export function openDesk(ledger: Ledger, attempts: Attempts): Desk {
  const { client } = ledger;
  return {
    mayLogIn: (username, now) => Promise.resolve(mayTry(attempts, username, now)),
    logInFailed: (username, now) => Promise.resolve(countFailure(attempts, username, now)),
    async startSession(username, session, now) {
      forgiveFailures(attempts, username);
      await inTurn(ledger, () => storeSession(client, session, now));
    },
    endSession: (hash) => inTurn(ledger, () => forgetSession(client, hash)),
    act: (act) => runAct(ledger, act),
    async command(order) {
      const [result] = await runCommands(ledger, [order]);
      if (!result) throw new Error(`desk: no result for command ${order.id}`);
      return result;
    },
    register: (order, now) => registerTerminal(ledger, order, now),
    writeOff: (order) => writeOff(ledger, order),
    closePeriod: (order) => closePeriod(ledger, order),
    set: (setting) => changeSetting(ledger, setting),
  };
}
