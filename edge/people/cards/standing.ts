// How a card stands when somebody wants something done with it: who holds it, who asks, who else is to know. One read.

import type { Row } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import type { Language } from "#edge/session.ts";
import type { CardAct } from "./acts.ts";
import { readUid } from "./uid.ts";

export type Reader = { id: number; name: string; address: string; language: Language };

/** holder: the student whose card it is, undefined for one that nobody has; lastHolder: whose it was last. isGuardian:
 * whoever asks is no member of staff; isTheirs: and may speak for that student. replaced: the card that the act replaces,
 * if it is this student's. readers: the student's guardians, without whoever asks. */
export type Standing = {
  uid: Bytes;
  holder: number | undefined;
  status: "active" | "blocked" | undefined;
  lastHolder: number | undefined;
  isBadge: boolean;
  isGuardian: boolean;
  isTheirs: boolean;
  wasByGuardian: boolean;
  replaced: Bytes | undefined;
  student: { firstName: string; hasLeft: boolean } | undefined;
  readers: Reader[];
  school: string;
};

const STUDENT = `select first_name, left_at > 0 as has_left, (select name from school) as school
  from student where id = ?`;
const ASKING = `select p.role in ('guardian', 'student') as outside,
    exists(select 1 from guardianship g where g.person = p.id and g.student = ?2) as theirs
  from person p where p.id = ?1`;
/** What was done last, and whether by a guardian. */
const LAST = `select e.kind, e.student, coalesce(p.role, '') = 'guardian' as by_guardian
  from card_event e left join person p on p.id = e.author
  where e.uid = ? order by e.id desc limit 1`;
const READERS = `select p.id, p.name, p.address, p.language from guardianship g
  join person p on p.id = g.person where g.student = ? and p.id <> ? and p.address <> ''
  order by p.id`;

export async function readStanding(
  ledger: Ledger,
  uid: Bytes,
  act: CardAct & { by: number },
): Promise<Standing> {
  const replaces = act.kind === "issueCard" && act.replaces ? readUid(act.replaces) : undefined;
  const old = replaces && "uid" in replaces ? replaces.uid : new Uint8Array(0);
  const [cards, badges, students, asking, last, readers] = await ledger.client.batch(
    [
      { sql: "select uid, student, status from card where uid in (?, ?)", args: [uid, old] },
      { sql: "select 1 from badge where uid = ?", args: [uid] },
      { sql: STUDENT, args: [act.student] },
      { sql: ASKING, args: [act.by, act.student] },
      { sql: LAST, args: [uid] },
      { sql: READERS, args: [act.student, act.by] },
    ],
    "read",
  );
  const held = new Map((cards?.rows ?? []).map((row) => [bytesIn(row, "uid").join(), row]));
  const card = held.get(uid.join());
  const replaced = held.get(old.join());
  const asks = asking?.rows[0];
  const isGuardian = !asks || numberIn(asks, "outside") === 1;
  const event = last?.rows[0];
  return {
    uid,
    holder: card && numberIn(card, "student"),
    status: card && statusIn(card),
    lastHolder: event && numberIn(event, "student"),
    isBadge: !!badges?.rows.length,
    isGuardian,
    isTheirs: !isGuardian || numberIn(asks, "theirs") === 1,
    wasByGuardian: !!event && numberIn(event, "by_guardian") === 1,
    replaced: replaced && numberIn(replaced, "student") === act.student ? old : undefined,
    student: studentIn(students?.rows[0]),
    readers: (readers?.rows ?? []).map(readerOf),
    school: students?.rows[0] ? textIn(students.rows[0], "school") : "",
  };
}

function statusIn(row: Row): "active" | "blocked" {
  return textIn(row, "status") === "blocked" ? "blocked" : "active";
}

function studentIn(row: Row | undefined): Standing["student"] {
  return row && { firstName: textIn(row, "first_name"), hasLeft: numberIn(row, "has_left") === 1 };
}

function readerOf(row: Row): Reader {
  return {
    id: numberIn(row, "id"),
    name: textIn(row, "name"),
    address: textIn(row, "address"),
    language: textIn(row, "language") as Language,
  };
}
