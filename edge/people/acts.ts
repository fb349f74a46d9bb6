// What pages ask to be done beside money: one list of orders, so that the gateway has one door for all of them. Each
// kind is decided and written in the file of its own area.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { audit } from "./audit.ts";
import type { OfficeAct } from "./accounts/office.ts";
import { runOfficeAct } from "./accounts/office.ts";
import { reopenAddress } from "#edge/mail/queue.ts";
import type { Language } from "#edge/session.ts";
import type { BadgeAct } from "./badges.ts";
import { runBadgeAct } from "./badges.ts";
import type { CardAct } from "./cards/acts.ts";
import { runCardAct } from "./cards/acts.ts";
import type { ErasureAct } from "./erasure.ts";
import { runErasure } from "./erasure.ts";
import type { StaffAct } from "./staff.ts";
import { runStaffAct } from "./staff.ts";
import type { RegisterAct } from "./register/acts.ts";
import { isRegisterAct, runRegisterAct } from "./register/acts.ts";

/** by: the person who asks. at: seconds since 1970. */
export type Act = { by: number; at: number } & (
  | { kind: "speak"; language: Language }
  | { kind: "reopenAddress"; address: string }
  | OfficeAct
  | StaffAct
  | ErasureAct
  | RegisterAct
  | CardAct
  | BadgeAct
);

/** reason: a word of the area's own list, which its page puts into words. id: of what it made. */
export type ActResult = { ok: true; id?: number } | { ok: false; reason: string };

export async function runAct(ledger: Ledger, act: Act): Promise<ActResult> {
  if (isRegisterAct(act)) return runRegisterAct(ledger, act);
  switch (act.kind) {
    case "speak": {
      const sql = "update person set language = ? where id = ?";
      await inTurn(ledger, () => ledger.client.execute({ sql, args: [act.language, act.by] }));
      return { ok: true };
    }
    case "reopenAddress": {
      const { by: author, at, address } = act;
      const deed = { author, at, action: "mail.reopen", subject: `address/${address}` };
      const statements = [...reopenAddress(address), audit(deed)];
      await inTurn(ledger, () => ledger.client.batch(statements, "write"));
      return { ok: true };
    }
    case "setAddress":
    case "resetSecondFactor":
      return runOfficeAct(ledger, act);
    case "addStaff":
    case "changeStaff":
      return runStaffAct(ledger, act);
    case "issueCard":
    case "blockCard":
    case "unblockCard":
    case "returnCard":
      return runCardAct(ledger, act);
    case "giveBadge":
    case "takeBadge":
      return runBadgeAct(ledger, act);
    case "erasePerson":
    case "eraseStudent":
      return runErasure(ledger, act);
  }
}
