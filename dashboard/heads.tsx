// The published heads, open to all: they say nothing about anybody, and whoever keeps one can prove later that nothing
// before it was changed. Plain enough to be printed and hung up.

import { toHex } from "#protocol/bytes.ts";
import type { PageContext } from "./page.tsx";
import { page } from "./page.tsx";

/** A day of the calendar, seen from its noon: the date is then the same in Brussels. */
const NOON_SECONDS = 43_200;
const DAY_SECONDS = 86_400;

export async function heads(c: PageContext) {
  const { voice } = c.var;
  const { t } = voice;
  const { now, published } = await c.var.reads.heads();
  return page(
    c,
    t.heads.title,
    <>
      <h1>{t.heads.title}</h1>
      <p>{t.heads.why}</p>
      {now && (
        <p>
          {t.heads.now(now.no)} <code class="bytes">{toHex(now.hash)}</code>
        </p>
      )}
      <section class="panel">
        <h2>{t.heads.published}</h2>
        {published.length === 0 && <p>{t.heads.none}</p>}
        <dl class="facts">
          {published.map((head) => (
            <>
              <dt>{voice.date(head.day * DAY_SECONDS + NOON_SECONDS)}</dt>
              <dd>
                {t.heads.block(head.block)} <code class="bytes">{toHex(head.hash)}</code>
              </dd>
            </>
          ))}
        </dl>
      </section>
      {c.var.person?.role === "bursar" && (
        <p>
          <a href="/outbox">{t.outbox.title}</a>
        </p>
      )}
    </>,
  );
}
