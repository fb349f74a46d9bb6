// A student leaves the school, or comes back. Whoever left has no card that sells, and no counter is granted anything for
// them any more; what they hold is asked back (edge/leavers.ts). The wallet stays: it is the family's.

import type { InStatement } from "@libsql/client/web";

/** Harmless for those who have left already. at in seconds since 1970. */
export function leaveStudents(students: number[], at: number): InStatement {
  return {
    sql: `update student set left_at = ?2
      where left_at = 0 and id in (select value from json_each(?1))`,
    args: [JSON.stringify(students), at],
  };
}

/** by: the person who says so. */
export function blockCards(students: number[], at: number, by: number): InStatement {
  return {
    sql: `update card set status = 'blocked', since = ?2, author = ?3, reason = 'left'
      where status = 'active' and student in (select value from json_each(?1))`,
    args: [JSON.stringify(students), at, by],
  };
}

/** Cards stay blocked: the family may have thrown them away, and the office un-blocks what it sees. */
export function returnStudent(student: number): InStatement {
  return { sql: "update student set left_at = 0 where id = ?", args: [student] };
}
