// Who has an account, who has opened it, whom no mail reaches; and the connection tokens for all of them at once.

import type { AccountFile, PeopleFilter } from "#edge/reads/people.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";
import { answerLetters } from "./letters.ts";

const SHOWN_MAX = 250;
const STATES = ["closed", "open", "no-mail"] as const;

export async function people(c: PageContext) {
  return peoplePage(
    c,
    filterOf((name) => c.req.query(name) ?? ""),
    undefined,
  );
}

/** By mail to all of the list who have never opened their account; on paper for those whom no mail reaches. */
export async function inviteMany(c: PageContext) {
  const { person, desk, reads } = c.var;
  if (!person) return c.notFound();
  const field = await readFields(c);
  const filter = filterOf(field);
  const closed = (await reads.people(filter)).filter((one) => !one.activatedAt);
  const onPaper = field("means") === "paper";
  const chosen = closed.filter((one) => (one.address === "") === onPaper);
  const ids = chosen.map((one) => one.id);
  const codes = await desk.invite(person.id, ids, onPaper ? "paper" : "mail");
  return onPaper ? answerLetters(c, chosen, codes) : peoplePage(c, filter, codes.length);
}

async function peoplePage(c: PageContext, filter: PeopleFilter, invited: number | undefined) {
  const { voice, reads } = c.var;
  const { t } = voice;
  const [found, { classes }] = await Promise.all([reads.people(filter), reads.students("", "")]);
  const closed = found.filter((one) => !one.activatedAt);
  return page(
    c,
    t.people.title,
    <>
      <h1>{t.people.title}</h1>
      {invited !== undefined && (
        <p class="notice" role="status">
          {t.people.invited(invited)}
        </p>
      )}
      <Search filter={filter} classes={classes} voice={voice} />
      <section class="panel">
        <p class="count">{t.people.count(found.length, closed.length)}</p>
        {found.length > 0 && <Accounts found={found.slice(0, SHOWN_MAX)} voice={voice} />}
      </section>
      {closed.length > 0 && <InviteAll filter={filter} closed={closed} voice={voice} />}
    </>,
  );
}

function filterOf(field: (name: string) => string): PeopleFilter {
  const state = STATES.find((one) => one === field("state")) ?? "";
  return { name: field("name").trim(), state, group: field("class") };
}

function Search(props: { filter: PeopleFilter; classes: string[]; voice: Voice }) {
  const { filter, classes, voice } = props;
  const { t } = voice;
  return (
    <form class="search" role="search">
      <label>
        {t.people.search}
        <input type="search" name="name" value={filter.name} autocomplete="off" />
      </label>
      <label>
        {t.students.class}
        <select name="class">
          <option value="">{t.students.allClasses}</option>
          {classes.map((one) => (
            <option value={one} selected={one === filter.group}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.people.state}
        <select name="state">
          <option value="">{t.people.anyState}</option>
          {STATES.map((one) => (
            <option value={one} selected={one === filter.state}>
              {t.people.states[one]}
            </option>
          ))}
        </select>
      </label>
      <button>{t.students.submit}</button>
    </form>
  );
}

function Accounts({ found, voice }: { found: AccountFile[]; voice: Voice }) {
  const { t } = voice;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t.people.name}</th>
          <th scope="col">{t.people.role}</th>
          <th scope="col" class="after">
            {t.people.address}
          </th>
          <th scope="col">{t.people.state}</th>
        </tr>
      </thead>
      <tbody>
        {found.map((one) => (
          <tr>
            <td class="what">
              <a href={`/people/${one.id}`}>{one.name}</a> <small>{one.username}</small>
            </td>
            <td>{t.role[one.role]}</td>
            <td class="after">{one.address || t.people.noAddress}</td>
            <td>{stateOf(one, voice)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function stateOf(one: AccountFile, voice: Voice): string {
  const { t } = voice;
  if (one.activatedAt) return t.people.openedOn(voice.date(one.activatedAt));
  return one.invitedAt ? t.people.invitedOn(voice.date(one.invitedAt)) : t.people.neverInvited;
}

type InviteProps = { filter: PeopleFilter; closed: AccountFile[]; voice: Voice };

function InviteAll({ filter, closed, voice }: InviteProps) {
  const { t } = voice;
  const byMail = closed.filter((one) => one.address).length;
  return (
    <section class="panel">
      <h2>{t.people.inviteAll}</h2>
      <p>{t.people.inviteAllWhy}</p>
      <form method="post" action="/people/invite" class="line">
        <input type="hidden" name="name" value={filter.name} />
        <input type="hidden" name="state" value={filter.state} />
        <input type="hidden" name="class" value={filter.group} />
        {byMail > 0 && (
          <button name="means" value="mail">
            {t.people.inviteByMail(byMail)}
          </button>
        )}
        {closed.length > byMail && (
          <button name="means" value="paper">
            {t.people.inviteOnPaper(closed.length - byMail)}
          </button>
        )}
      </form>
    </section>
  );
}
