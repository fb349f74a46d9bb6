// What separated parents see of each other's payments: that money came, so that the balance adds up, and nothing else.

import { count, eq } from "drizzle-orm";
import { guardianship } from "#edge/ledger/schema.ts";
import type { Entry } from "#protocol/entry.ts";
import { commandPayer } from "./commands.ts";
import type { Database } from "./database.ts";
import type { MovementKind } from "./movements.ts";

/** A guardian who reads. isAlone: the student has no other, so that a payment with no name to it is theirs. */
export type Reader = { person: number; isAlone: boolean };

/** person is one of the student's guardians. */
export async function readerOf(
  database: Database,
  person: number,
  student: number,
): Promise<Reader> {
  const [row] = await database
    .select({ guardians: count() })
    .from(guardianship)
    .where(eq(guardianship.student, student));
  return { person, isAlone: row?.guardians === 1 };
}

/** Whether this is money that somebody else may have paid in. */
export function isPrivate(
  kind: MovementKind | Entry["kind"],
  body: string | null,
  reader: Reader | undefined,
): boolean {
  return isAnothers(kind, commandPayer(body), reader);
}

/** payer: 0 where nobody is named. */
export function isAnothers(
  kind: MovementKind | Entry["kind"],
  payer: number,
  reader: Reader | undefined,
): boolean {
  if (!reader || (kind !== "cash" && kind !== "transfer")) return false;
  return payer === 0 ? !reader.isAlone : payer !== reader.person;
}
