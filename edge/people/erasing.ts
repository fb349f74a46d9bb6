// The rows that name somebody, and what is left of each. Pure: statements for one batch.

import type { InStatement } from "@libsql/client/web";
import { takeBack } from "./cards/rows.ts";

const NAMING_MAIL = "delete from mail where instr(body || html || subject, ?1)";

export type Somebody = { id: number; name: string; username: string; address: string };

/** The person stays as a number: acts, commands and movements refer to it. at in seconds since 1970. */
export function personRows({ id, name, username, address }: Somebody, at: number): InStatement[] {
  const doors = [
    "delete from session where user_id = ?",
    "delete from credential where user_id = ?",
    "delete from two_factor where user_id = ?",
    "delete from passkey where user_id = ?",
    "delete from invitation where person = ?",
    "delete from badge where person = ?",
    "delete from guardianship where person = ?",
  ];
  return [
    ...doors.map((sql) => ({ sql, args: [id] })),
    ...(address ? mailRows(id, address) : []),
    // Sent to an address that was theirs before.
    { sql: NAMING_MAIL, args: [name] },
    {
      sql: `update person set name = '#' || id, username = 'erased-' || id, address = '',
        image = null, ends_at = ?, student = null where id = ?`,
      args: [at, id],
    },
    ...logRows(`person/${id}`, name, [username, address]),
  ];
}

/** The wallet stays as a number, too: it is empty, and its movements are the school's books. */
export function studentRows(
  { id, name }: { id: number; name: string },
  { by, at }: { by: number; at: number },
): InStatement[] {
  return [
    ...takeBack({ student: id }, { author: by, at, reason: "erased" }),
    { sql: "delete from guardianship where student = ?", args: [id] },
    { sql: "delete from enrolment where student = ?", args: [id] },
    { sql: "delete from absence where student = ?", args: [id] },
    // A file of the register that waits for its confirmation names everybody.
    "update register_import set state = 'discarded', content = x'' where state = 'staged'",
    { sql: NAMING_MAIL, args: [name] },
    {
      sql: `update student set first_name = '', last_name = '#' || id, number = '',
          class = '', allergens = 0
        where id = ?`,
      args: [id],
    },
    ...logRows(`student/${id}`, name, []),
  ];
}

/** A couple may share a mailbox: then its mail is the other one's, too, and goes when its year is over. */
function mailRows(id: number, address: string): InStatement[] {
  const alone = "not exists(select 1 from person where address = ?1 and id <> ?2)";
  return [
    { sql: `delete from mail where address = ?1 and ${alone}`, args: [address, id] },
    { sql: `delete from committee where address = ?1 and ${alone}`, args: [address, id] },
  ];
}

/** That something was done stays in the log; what it was done with goes, wherever somebody is its subject or is named. */
function logRows(subject: string, name: string, keys: string[]): InStatement[] {
  // A username is looked for as a whole JSON text: "lina" is no part of "carolina".
  const texts = [name, ...keys.filter(Boolean).map((key) => JSON.stringify(key))];
  const isNamed = texts.map((_, i) => `instr(before || after || reason, ?${i + 2})`).join(" or ");
  return [
    {
      sql: `update audit set before = iif(before = '', '', '"erased"'),
        after = iif(after = '', '', '"erased"'), reason = iif(reason = '', '', 'erased')
        where subject = ?1 or ${isNamed}`,
      args: [subject, ...texts],
    },
  ];
}
