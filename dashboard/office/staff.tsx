// Who works for the school in Obole: the list for bursar and auditor, and the bursar's forms that add a member, change the
// role and set the last day. Nobody is deleted here: what they did stays theirs.

import type { StaffRefusal, StaffRole } from "#edge/people/staff.ts";
import type { Member } from "#edge/reads/staff.ts";
import { readFields } from "../form.ts";
import { mayBook } from "../may.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";

const NAME_CHARACTERS_MAX = 80;
const USERNAME_CHARACTERS_MAX = 40;
const ROLES: StaffRole[] = ["bursar", "secretary", "counter", "kitchen", "auditor"];

type Form = { name: string; username: string; address: string; role: string };
const EMPTY: Form = { name: "", username: "", address: "", role: "secretary" };

export async function addStaff(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const field = await readFields(c);
  const form: Form = {
    name: field("name").trim(),
    username: field("username").trim().toLowerCase(),
    address: field("address").trim(),
    role: field("role"),
  };
  const result = await desk.act({ kind: "addStaff", ...form, by: person.id, at: now });
  if (!result.ok) return staff(c, result.reason, form);
  if (result.id) await desk.invite(person.id, [result.id], "mail");
  return c.redirect("/staff", 303);
}

export async function changeStaff(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const field = await readFields(c);
  const result = await desk.act({
    kind: "changeStaff",
    person: numberIn(c.req.param("id")),
    role: field("role"),
    lastDay: field("lastDay"),
    by: person.id,
    at: now,
  });
  if (result.ok) return c.redirect("/staff", 303);
  return result.reason === "unknown-person" ? c.notFound() : staff(c, result.reason);
}

/** reason: why the form was refused; form: as it was sent. */
export async function staff(c: PageContext, reason = "", form = EMPTY) {
  const { voice, reads, now, person } = c.var;
  const { t } = voice;
  const members = await reads.staff(now);
  const isOpen = mayBook(person);
  return page(
    c,
    t.staff.title,
    <>
      <h1>{t.staff.title}</h1>
      <p>
        <a href="/badges">{t.cards.badges.link}</a>
      </p>
      <Problem words={reason && problemIn(reason, t)} />
      <section class="panel">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">{t.staff.name}</th>
              <th scope="col">{t.staff.role}</th>
              <th scope="col">{t.staff.lastDay}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow member={member} isOpen={isOpen && member.id !== person?.id} t={t} />
            ))}
          </tbody>
        </table>
      </section>
      {isOpen && <AddForm form={form} t={t} />}
    </>,
    { status: reason ? 422 : 200 },
  );
}

function problemIn(reason: string, t: Texts): string {
  const words: Record<StaffRefusal, string> = t.staff.problems;
  return Object.entries(words).find(([known]) => known === reason)?.[1] ?? t.topUp.failed;
}

/** Nobody changes themselves: their own row has no form. */
function MemberRow({ member, isOpen, t }: { member: Member; isOpen: boolean; t: Texts }) {
  const form = `member-${member.id}`;
  return (
    <tr>
      <th scope="row">
        {isOpen ? <a href={`/people/${member.id}/data`}>{member.name}</a> : member.name}
        <small>
          {member.username} {member.address} {member.hasLeft && t.staff.left}
        </small>
      </th>
      <td>{isOpen ? <RoleSelect role={member.role} form={form} t={t} /> : t.role[member.role]}</td>
      <td>
        {!isOpen && member.lastDay}
        {isOpen && (
          <form id={form} class="search" method="post" action={`/staff/${member.id}`}>
            <input
              type="date"
              name="lastDay"
              value={member.lastDay}
              aria-label={t.staff.lastDayOf(member.name)}
            />
            <button class="quiet">{t.settings.save}</button>
          </form>
        )}
      </td>
    </tr>
  );
}

function RoleSelect({ role, form, t }: { role: string; form?: string; t: Texts }) {
  return (
    <select name="role" form={form} aria-label={t.staff.role}>
      {ROLES.map((one) => (
        <option value={one} selected={one === role}>
          {t.role[one]}
        </option>
      ))}
    </select>
  );
}

function AddForm({ form, t }: { form: Form; t: Texts }) {
  return (
    <section class="panel">
      <h2>{t.staff.add}</h2>
      <p>{t.staff.addWhy}</p>
      <form class="fields" method="post" action="/staff">
        <label>
          {t.staff.name}
          <input name="name" value={form.name} required maxlength={NAME_CHARACTERS_MAX} />
        </label>
        <label>
          {t.logIn.username}
          <input
            name="username"
            value={form.username}
            required
            maxlength={USERNAME_CHARACTERS_MAX}
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <label>
          {t.settings.address}
          <input type="email" name="address" value={form.address} autocomplete="off" />
        </label>
        <label>
          {t.staff.role}
          <RoleSelect role={form.role} t={t} />
        </label>
        <button>{t.settings.add}</button>
      </form>
    </section>
  );
}
