// What the school stores about people, why, for how long and who sees it: one page, open to all, made from the list that the
// daily clearing and everybody's own file are made from, too.

import type { Keeping } from "#edge/people/stored.ts";
import type { PageContext } from "./page.tsx";
import { page } from "./page.tsx";
import type { Texts } from "./texts/fr.ts";

export function privacy(c: PageContext) {
  const { voice, reads, person } = c.var;
  const { t } = voice;
  return page(
    c,
    t.privacy.title,
    <>
      <h1>{t.privacy.title}</h1>
      <p>{t.privacy.why}</p>
      <section class="panel">
        <table class="rows stacked">
          <thead>
            <tr>
              <th scope="col">{t.privacy.what}</th>
              <th scope="col">{t.privacy.whatFor}</th>
              <th scope="col">{t.privacy.howLong}</th>
              <th scope="col">{t.privacy.whoSees}</th>
            </tr>
          </thead>
          <tbody>
            {reads.stored().map(({ matter, keep, seenBy }) => (
              <tr>
                <th scope="row">{t.privacy.matters[matter].what}</th>
                <td data-label={t.privacy.whatFor}>{t.privacy.matters[matter].why}</td>
                <td data-label={t.privacy.howLong}>{keepingIn(keep, t)}</td>
                <td data-label={t.privacy.whoSees}>
                  {seenBy.map((viewer) => t.privacy.viewers[viewer]).join(", ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="panel">
        <h2>{t.privacy.rights}</h2>
        <p>{t.privacy.file}</p>
        <p>{t.privacy.erasure}</p>
        <p>{t.privacy.outside}</p>
        {person && (
          <p>
            <a href="/my-data">{t.ownFile.mine}</a>
          </p>
        )}
      </section>
    </>,
  );
}

function keepingIn(keep: Keeping, t: Texts): string {
  return typeof keep === "number" ? t.privacy.days(keep) : t.privacy.keep[keep];
}
