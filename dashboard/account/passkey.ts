// What public/passkey.js asks for and sends. JSON from our own pages only: a foreign page cannot send this content type
// without asking first (Fetch section 3.2.2), and we answer no such question.

import type { PageContext } from "../page.tsx";

/** The challenge to be signed at log-in. */
export async function askPasskey(c: PageContext) {
  return answerJson(c, await c.var.knock({ call: "askPasskey" }));
}

export async function usePasskey(c: PageContext) {
  if (!isJson(c)) return c.body(null, 415);
  return answerJson(c, await c.var.knock({ call: "usePasskey", credential: await c.req.text() }));
}

export async function newPasskey(c: PageContext) {
  return answerJson(c, await c.var.knock({ call: "newPasskey" }));
}

export async function addPasskey(c: PageContext) {
  if (!isJson(c)) return c.body(null, 415);
  const name = c.req.query("name") ?? "";
  const credential = await c.req.text();
  return answerJson(c, await c.var.knock({ call: "addPasskey", credential, name }));
}

type Answer = Awaited<ReturnType<PageContext["var"]["knock"]>>;

function answerJson(c: PageContext, answer: Answer) {
  c.header("content-type", "application/json");
  return answer.ok ? c.body(answer.value || "{}") : c.body("{}", 422);
}

function isJson(c: PageContext): boolean {
  return c.req.header("content-type") === "application/json";
}
