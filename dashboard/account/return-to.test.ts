// Goal: no form of ours sends anybody to another site. Method: what people have written to that end, and what the URL parser of
// browsers makes of it; and the form that returns, asked with each.

import { beforeAll, expect, test } from "vitest";
import type { Browser } from "#sim/page-stage.ts";
import { browse, openStage } from "#sim/page-stage.ts";
import { isOurs } from "./return-to.ts";

const HOST = "https://ecole.test";

let visitor: Browser;

beforeAll(async () => {
  visitor = await browse(await openStage(), undefined);
});

test.each([
  "/",
  "/children/1",
  "/audit?area=staff&words=%C3%A9t%C3%A9",
  "/%2f%2felsewhere.test",
  "/a//b",
])("%j is ours", async (path) => {
  expect(isOurs(path)).toBe(true);
  expect(new URL(path, HOST).host).toBe("ecole.test");
  const answer = await visitor.post("/language", { language: "fr", path });
  expect(answer.headers.get("location")).toBe(path);
});

test.each([
  "",
  "children",
  "//elsewhere.test",
  "/\\elsewhere.test",
  "\\\\elsewhere.test",
  "/\t/elsewhere.test",
  "/\n/elsewhere.test",
  "\t//elsewhere.test",
  " //elsewhere.test",
  "https://elsewhere.test",
  "https:elsewhere.test",
  "javascript:alert(1)",
  "@elsewhere.test",
  "/é",
  "/a\r\nset-cookie: a=b",
])("%j leads to the first page", async (path) => {
  expect(isOurs(path)).toBe(false);
  const answer = await visitor.post("/language", { language: "fr", path });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  expect(answer.headers.getSetCookie().join()).not.toContain("a=b");
});
