// What the office does to the register. Each act is decided and written in the file of its own area.

import type { Ledger } from "#edge/ledger/ledger.ts";
import type { ConfirmImport, DiscardImport, ImportRefusal, StageImport } from "./imports.ts";
import { confirmImport, discardImport, stageImport } from "./imports.ts";

export type RegisterAct = StageImport | ConfirmImport | DiscardImport;
type Asked = { by: number; at: number };
export type RegisterRefusal = ImportRefusal;
export type RegisterResult = { ok: true; id?: number } | { ok: false; reason: RegisterRefusal };

const KINDS = {
  stageImport,
  confirmImport,
  discardImport,
} satisfies {
  [K in RegisterAct["kind"]]: (
    ledger: Ledger,
    act: Asked & Extract<RegisterAct, { kind: K }>,
  ) => Promise<RegisterResult>;
};

export function isRegisterAct(act: { kind: string }): act is Asked & RegisterAct {
  return act.kind in KINDS;
}

export function runRegisterAct(ledger: Ledger, act: Asked & RegisterAct): Promise<RegisterResult> {
  const run = KINDS[act.kind] as (of: Ledger, one: Asked & RegisterAct) => Promise<RegisterResult>;
  return run(ledger, act);
}
