// Students and balances, found by name and class.

import type { Student } from "#edge/reads/students.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";

/** A page that an old phone still scrolls; the search finds the rest. */
const SHOWN_MAX = 250;

export async function students(c: PageContext) {
  const { voice } = c.var;
  const { t } = voice;
  const search = c.req.query("name") ?? "";
  const group = c.req.query("class") ?? "";
  const { classes, found } = await c.var.reads.students(search, group);
  return page(
    c,
    t.students.title,
    <>
      <h1>{t.students.title}</h1>
      <Search search={search} group={group} classes={classes} voice={voice} />
      <p>
        <a href="/register?show=left">{t.roll.leavers}</a>
      </p>
      <section class="panel">
        <p class="count">
          {found.length > SHOWN_MAX
            ? t.students.shown(SHOWN_MAX, found.length)
            : t.students.count(found.length)}
        </p>
        {found.length === 0 && <p class="empty">{t.students.none}</p>}
        {found.length > 0 && <Balances found={found.slice(0, SHOWN_MAX)} voice={voice} />}
      </section>
    </>,
  );
}

type SearchProps = { search: string; group: string; classes: string[]; voice: Voice };

function Search({ search, group, classes, voice }: SearchProps) {
  const { t } = voice;
  return (
    <form class="search" role="search">
      <label>
        {t.students.search}
        <input type="search" name="name" value={search} autocomplete="off" />
      </label>
      <label>
        {t.students.class}
        <select name="class">
          <option value="">{t.students.allClasses}</option>
          {classes.map((one) => (
            <option value={one} selected={one === group}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button>{t.students.submit}</button>
    </form>
  );
}

function Balances({ found, voice }: { found: Student[]; voice: Voice }) {
  const { t } = voice;
  return (
    <table class="rows balances">
      <thead>
        <tr>
          <th scope="col">{t.students.name}</th>
          <th scope="col">{t.students.class}</th>
          <th scope="col" class="figure">
            {t.students.balance}
          </th>
          <th scope="col" class="figure after">
            {t.students.reserved}
          </th>
        </tr>
      </thead>
      <tbody>
        {found.map((student) => (
          <tr>
            <td class="what">
              <a href={`/students/${student.id}`}>
                {student.lastName} {student.firstName}
              </a>
            </td>
            <td>{student.class}</td>
            <td class="figure">{voice.money(student.balanceCents)}</td>
            <td class="figure after">{voice.money(student.reservedCents)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
