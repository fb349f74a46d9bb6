// What the office does to the register. Each act is decided and written in the file of its own area.

import type { Ledger } from "#edge/ledger/ledger.ts";
import type { AbsenceRefusal, NoteAbsences, RemoveAbsence } from "./absences.ts";
import { noteAbsences, removeAbsence } from "./absences.ts";
import type {
  ChangeGuardian,
  CreateGuardian,
  GuardianRefusal,
  LinkGuardian,
  RemoveGuardian,
} from "./guardians.ts";
import { changeGuardian, createGuardian, linkGuardian, removeGuardian } from "./guardians.ts";
import type { ConfirmImport, DiscardImport, ImportRefusal, StageImport } from "./imports.ts";
import { confirmImport, discardImport, stageImport } from "./imports.ts";
import type { Promote, PromotionRefusal } from "./promotion.ts";
import { promote } from "./promotion.ts";
import type { AddStudent, ChangeStudent, ComeBack, Leave, StudentRefusal } from "./students.ts";
import { addStudent, changeStudent, comeBack, leave } from "./students.ts";

export type RegisterAct =
  | StageImport
  | ConfirmImport
  | DiscardImport
  | AddStudent
  | ChangeStudent
  | Leave
  | ComeBack
  | LinkGuardian
  | CreateGuardian
  | ChangeGuardian
  | RemoveGuardian
  | NoteAbsences
  | RemoveAbsence
  | Promote;
type Asked = { by: number; at: number };
export type RegisterRefusal =
  | ImportRefusal
  | StudentRefusal
  | GuardianRefusal
  | AbsenceRefusal
  | PromotionRefusal;
export type RegisterResult = { ok: true; id?: number } | { ok: false; reason: RegisterRefusal };

const KINDS = {
  stageImport,
  confirmImport,
  discardImport,
  addStudent,
  changeStudent,
  leave,
  comeBack,
  linkGuardian,
  createGuardian,
  changeGuardian,
  removeGuardian,
  noteAbsences,
  removeAbsence,
  promote,
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
