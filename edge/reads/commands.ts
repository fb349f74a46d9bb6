// What a recorded command says to people. Its body is JSON as it was asked; a command that these pages do not know is
// still shown, as "other".

import { eq } from "drizzle-orm";
import type { Means } from "#edge/ledger/commands.ts";
import { command } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";
import type { MovementKind } from "./movements.ts";

const MEANS: Means[] = ["cash", "transfer", "correction"];

const KINDS: { [kind: string]: MovementKind } = {
  reverse: "reversal",
  goodwill: "goodwill",
  assign: "assignment",
  coverLoss: "loss",
  refund: "refund",
  preOrder: "preOrder",
  cancelPreOrder: "cancelPreOrder",
  gift: "gift",
  toSibling: "toSibling",
};

type Body = {
  means?: unknown;
  note?: unknown;
  reason?: unknown;
  cents?: unknown;
  student?: unknown;
  payer?: unknown;
};

/** What was asked under an id: whom it concerns (0: nobody) and how many cents the wallet
 * gained. */
export async function readCommand(
  database: Database,
  id: string,
): Promise<{ student: number; cents: number } | undefined> {
  const [row] = await database.select().from(command).where(eq(command.id, id));
  if (!row) return undefined;
  const { student, cents } = bodyOf(row.body);
  const sign = row.kind === "refund" ? -1 : 1;
  return { student: Number(student ?? 0), cents: sign * Number(cents ?? 0) };
}

export function commandKind(kind: string | null, body: string | null): MovementKind {
  const known = KINDS[kind ?? ""];
  if (known) return known;
  if (kind !== "topUp") return "other";
  const { means } = bodyOf(body);
  return MEANS.find((one) => one === means) ?? "other";
}

export function commandNote(body: string | null): string {
  const { note, reason } = bodyOf(body);
  const said = note ?? reason;
  return typeof said === "string" ? said : "";
}

/** The guardian who paid, 0 where nobody is named. */
export function commandPayer(body: string | null): number {
  return Number(bodyOf(body).payer ?? 0);
}

function bodyOf(body: string | null): Body {
  const value: unknown = body ? JSON.parse(body) : {};
  return typeof value === "object" && value !== null ? value : {};
}
