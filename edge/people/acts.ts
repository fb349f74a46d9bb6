// What pages ask to be done beside money: one list of orders, so that the gateway has one door for all of them. Each
// kind is decided and written in the file of its own area.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import type { Language } from "#edge/session.ts";
import type { RegisterAct } from "./register/acts.ts";
import { isRegisterAct, runRegisterAct } from "./register/acts.ts";
import { setLanguage } from "./sessions.ts";

/** by: the person who asks. at: seconds since 1970. */
export type Act = { by: number; at: number } & (
  | { kind: "speak"; language: Language }
  | RegisterAct
);

/** reason: a word of the area's own list, which its page puts into words. id: of what it made. */
export type ActResult = { ok: true; id?: number } | { ok: false; reason: string };

export async function runAct(ledger: Ledger, act: Act): Promise<ActResult> {
  if (isRegisterAct(act)) return runRegisterAct(ledger, act);
  await inTurn(ledger, () => setLanguage(ledger.client, act.by, act.language));
  return { ok: true };
}
