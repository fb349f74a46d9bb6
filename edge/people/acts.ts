// What pages ask to be done beside money: one list of orders, so that the gateway has one door for all of them. Each
// kind is decided and written in the file of its own area.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import type { Language } from "#edge/session.ts";
import type { ErasureAct } from "./erasure.ts";
import { runErasure } from "./erasure.ts";
import { setLanguage } from "./sessions.ts";
import type { StaffAct } from "./staff.ts";
import { runStaffAct } from "./staff.ts";

/** by: the person who asks. at: seconds since 1970. */
export type Act = { by: number; at: number } & (
  | { kind: "speak"; language: Language }
  | StaffAct
  | ErasureAct
);

/** reason: a word of the area's own list, which its page puts into words. */
export type ActResult = { ok: true } | { ok: false; reason: string };

export async function runAct(ledger: Ledger, act: Act): Promise<ActResult> {
  switch (act.kind) {
    case "addStaff":
    case "changeStaff":
      return runStaffAct(ledger, act);
    case "erasePerson":
    case "eraseStudent":
      return runErasure(ledger, act);
    case "speak":
      await inTurn(ledger, () => setLanguage(ledger.client, act.by, act.language));
      return { ok: true };
  }
}
