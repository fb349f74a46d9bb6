// What people see when there is no page: it does not exist or is not theirs, a forged form, or a fault of ours. They
// work without a session and without a database.

import type { Child } from "hono/jsx";
import type { PageContext } from "./page.tsx";
import { page } from "./page.tsx";
import { LANGUAGE_COOKIE, voiceFor } from "./voice.ts";
import { getCookie } from "hono/cookie";
import { HTTPException } from "hono/http-exception";

export function notFound(c: PageContext) {
  const { t } = speakTo(c);
  return page(c, t.error.notFound, message(t.error.notFound, t.error.notFoundWhy, t.error.back), {
    status: 404,
  });
}

/** Faults of ours are logged by their message, which names things and numbers, never people. */
export function failed(error: Error, c: PageContext) {
  const { t } = speakTo(c);
  if (error instanceof HTTPException && error.status === 403)
    return page(c, t.error.forged, message(t.error.forged, t.error.forgedWhy, t.error.back), {
      status: 403,
    });
  console.error(JSON.stringify({ event: "page-failed", path: c.req.path, error: sayable(error) }));
  return page(c, t.error.failed, message(t.error.failed, t.error.failedWhy, t.error.back), {
    status: 500,
  });
}

/** Drizzle says which values a query was asked with, and they may be what somebody typed. */
function sayable(error: Error): string {
  return error.message.split("\nparams:")[0] ?? "";
}

/** The fault may have come before anything was known about the visit. */
function speakTo(c: PageContext) {
  const voice = voiceFor(
    c.var.person?.language,
    getCookie(c, LANGUAGE_COOKIE),
    c.req.header("accept-language"),
  );
  c.set("voice", voice);
  return voice;
}

function message(title: string, why: string, back: string): Child {
  return (
    <section class="panel narrow">
      <h1>{title}</h1>
      <p>{why}</p>
      <p>
        <a href="/">{back}</a>
      </p>
    </section>
  );
}
