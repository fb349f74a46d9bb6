// What a page shows of forms follows who reads it: nobody is shown a door that is shut. routes.ts is what decides;
// doors.test.ts opens every door that a page shows to anybody.

import type { Person } from "#edge/session.ts";

type Reader = Person | undefined;

/** Takes money in, gives it back, corrects, closes and writes off. */
export function mayBook(reader: Reader): boolean {
  return reader?.role === "bursar";
}

export function mayOrder(reader: Reader): boolean {
  return reader?.role === "bursar" || reader?.role === "secretary";
}
