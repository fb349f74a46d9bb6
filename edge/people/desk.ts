// What pages ask to be written. Only the school's gateway object writes to its ledger (two writers can stop a sqld for
// good), so it keeps one desk, and the pages' Worker asks it there.

import type { Command, CommandResult } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Closing, ClosingResult } from "#edge/ledger/periods.ts";
import { closePeriod } from "#edge/ledger/periods.ts";
import { registerTerminal } from "#edge/ledger/registrations.ts";
import type { WriteOff, WriteOffResult } from "#edge/ledger/write-offs.ts";
import { writeOff } from "#edge/ledger/write-offs.ts";
import type { Setting } from "#edge/settings.ts";
import { changeSetting } from "#edge/settings.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import type { Act, ActResult } from "./acts.ts";
import { runAct } from "./acts.ts";
import { invite } from "./accounts/connect.ts";
import { answerKnock } from "./accounts/door.ts";
import type { House } from "./accounts/house.ts";
import type { Answer, Browser, Knock } from "./accounts/knock.ts";

/** now in seconds since 1970. */
export type Desk = {
  /** Whatever has to do with getting in. */
  knock(knock: Knock, browser: Browser): Promise<Answer>;
  /** One-time connection tokens, by mail or for letters; by: the member of staff who asks. */
  invite(by: number, people: number[], means: "mail" | "paper"): Promise<PaperCode[]>;
  /** What is not money: cards, families, people. */
  act(act: Act): Promise<ActResult>;
  command(order: Command): Promise<CommandResult>;
  register(order: Registration, now: number): Promise<RegistrationResult>;
  writeOff(order: WriteOff): Promise<WriteOffResult>;
  closePeriod(order: Closing): Promise<ClosingResult>;
  /** False when it is out of range. */
  set(setting: Setting): Promise<boolean>;
};

export type PaperCode = { person: number; code: string };

export function openDesk(house: House): Desk {
  const { ledger } = house;
  return {
    knock: (knock, browser) => answerKnock(house, knock, browser),
    invite: (by, people, means) => invite(house, by, people, means),
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
