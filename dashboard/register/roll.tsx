// The register: who is in which class, and who has left. The way to everything that the office does with students.

import type { Registered } from "#edge/reads/register.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";

/** A page that an old phone still scrolls; the search finds the rest. */
const SHOWN_MAX = 250;

/** The auditor reads, and is shown no form. */
export function mayWrite(c: PageContext): boolean {
  return c.var.person?.role === "bursar" || c.var.person?.role === "secretary";
}

export async function roll(c: PageContext) {
  const { voice, reads, now } = c.var;
  const { t } = voice;
  const asked = {
    search: c.req.query("name") ?? "",
    group: c.req.query("class") ?? "",
    hasLeft: c.req.query("show") === "left",
  };
  const [{ classes, found }, year] = await Promise.all([
    reads.register(asked, reads.schoolDay(now)),
    reads.schoolYear(),
  ]);
  return page(
    c,
    t.roll.title,
    <>
      <h1>
        {t.roll.title} <small>{t.roll.year(year, year + 1)}</small>
      </h1>
      {c.req.query("promoted") !== undefined && (
        <p class="notice" role="status">
          {t.promotion.done}
        </p>
      )}
      {mayWrite(c) && <Ways t={t} />}
      <Search asked={asked} classes={classes} t={t} />
      <section class="panel">
        <p class="count">
          {found.length > SHOWN_MAX
            ? t.students.shown(SHOWN_MAX, found.length)
            : t.students.count(found.length)}
        </p>
        {found.length === 0 && <p class="empty">{t.students.none}</p>}
        {found.length > 0 && <Pupils found={found.slice(0, SHOWN_MAX)} voice={voice} />}
      </section>
    </>,
  );
}

function Ways({ t }: { t: Texts }) {
  return (
    <ul class="plain">
      <li>
        <a href="/register/new">{t.roll.add}</a>
        <a href="/register/import">{t.roll.import}</a>
        <a href="/register/absences">{t.roll.absences}</a>
        <a href="/register/promotion">{t.roll.promotion}</a>
      </li>
    </ul>
  );
}

type SearchProps = {
  asked: { search: string; group: string; hasLeft: boolean };
  classes: string[];
  t: Texts;
};

function Search({ asked, classes, t }: SearchProps) {
  return (
    <form class="search" role="search">
      <label>
        {t.roll.search}
        <input type="search" name="name" value={asked.search} autocomplete="off" />
      </label>
      <label>
        {t.students.class}
        <select name="class">
          <option value="">{t.students.allClasses}</option>
          {classes.map((one) => (
            <option value={one} selected={one === asked.group}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.roll.show}
        <select name="show">
          <option value="here">{t.roll.here}</option>
          <option value="left" selected={asked.hasLeft}>
            {t.roll.left}
          </option>
        </select>
      </label>
      <button>{t.students.submit}</button>
    </form>
  );
}

function Pupils({ found, voice }: { found: Registered[]; voice: Voice }) {
  const { t } = voice;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t.students.name}</th>
          <th scope="col">{t.students.class}</th>
          <th scope="col">{t.roll.number}</th>
        </tr>
      </thead>
      <tbody>
        {found.map((one) => (
          <tr>
            <td class="what">
              <a href={`/register/students/${one.id}`}>
                {one.lastName} {one.firstName}
              </a>
              <State of={one} voice={voice} />
            </td>
            <td>{one.class}</td>
            <td>{one.number}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ of, voice }: { of: Registered; voice: Voice }) {
  const { t } = voice;
  if (of.leftAt) return <small>{t.leaving.leftOn(voice.date(of.leftAt))}</small>;
  if (!of.isAbsent) return <></>;
  return <small>{of.hasOrder ? t.roll.absentOrder : t.roll.absent}</small>;
}
