// Somebody's data is erased by the bursar: first what that means, then the name typed once more and the reason. It cannot be
// undone, so nothing happens on a single press.

import type { ErasureRefusal } from "#edge/people/erasure.ts";
import type { Subject } from "#edge/reads/privacy.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";

const REASON_CHARACTERS_MAX = 200;
const EMPTY = { name: "", reason: "" };

/** reason: why the form was refused; form: as it was sent. */
export async function eraseForm(c: PageContext, kind: Subject["kind"], refusal = "", form = EMPTY) {
  const { t } = c.var.voice;
  const id = numberIn(c.req.param("id"));
  const found = await c.var.reads.subject({ kind, id });
  if (!found || found.isErased) return c.notFound();
  const path = kind === "student" ? `/students/${id}` : `/people/${id}`;
  return page(
    c,
    t.erase.title(found.name),
    <section class="panel narrow">
      <h1>{t.erase.title(found.name)}</h1>
      <Problem words={refusal && problemIn(refusal, t)} />
      <p>{t.erase.goes}</p>
      <p>{t.erase.stays}</p>
      <p>
        <strong>{t.erase.final}</strong>
      </p>
      <form class="fields" method="post" action={`${path}/erase`}>
        <label>
          {t.erase.name(found.name)}
          <input name="name" value={form.name} required autocomplete="off" />
        </label>
        <label>
          {t.erase.reason}
          <input
            name="reason"
            value={form.reason}
            required
            maxlength={REASON_CHARACTERS_MAX}
            autocomplete="off"
          />
        </label>
        <button>{t.erase.submit}</button>
      </form>
      <p>
        <a href={`${path}/data`}>{t.erase.back}</a>
      </p>
    </section>,
    { status: refusal ? 422 : 200 },
  );
}

export async function erase(c: PageContext, kind: Subject["kind"]) {
  const { desk, person, now, reads } = c.var;
  const id = numberIn(c.req.param("id"));
  if (!person || !(await reads.subject({ kind, id }))) return c.notFound();
  const field = await readFields(c);
  const form = { name: field("name"), reason: field("reason") };
  const head = { ...form, by: person.id, at: now };
  const result = await desk.act(
    kind === "student"
      ? { kind: "eraseStudent", student: id, ...head }
      : { kind: "erasePerson", person: id, ...head },
  );
  if (!result.ok) return eraseForm(c, kind, result.reason, form);
  return c.redirect(kind === "student" ? "/students" : "/staff", 303);
}

function problemIn(reason: string, t: Texts): string {
  const words: Record<ErasureRefusal, string> = t.erase.problems;
  return Object.entries(words).find(([known]) => known === reason)?.[1] ?? t.topUp.failed;
}
