// Goal: nobody is shown a button or a link that is not theirs. Method: everybody walks through every page that leads on from
// their first one; each link must open, each form must be one whose route lets them in.

import { beforeAll, expect, test } from "vitest";
import type { Stage, Who } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, browse, openStage, tap } from "#sim/page-stage.ts";

/** A walk that finds more has gone in circles. */
const PAGES_MAX = 200;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  // Months later: a month can be closed, and whoever may is shown the form.
  stage.clock.now = Math.max(NOON, Math.floor(Date.now() / 1000)) + 62 * 24 * 3600;
});

type Door = { method: "get" | "post"; path: string };

/** Links and forms, as a browser would follow them; an empty form says only whether one may use it. */
function doorsIn(html: string, from: string): Door[] {
  const links = [...html.matchAll(/<a [^>]*href="([^"#]*)"/g)];
  const forms = [...html.matchAll(/<form [^>]*method="post"[^>]*action="([^"]*)"/g)];
  const at = (path = "") => {
    const { pathname, search } = new URL(path.replace(/&amp;/g, "&"), "https://ecole.test" + from);
    return pathname + search;
  };
  return [
    ...links.map(([, path]) => ({ method: "get", path: at(path) }) as const),
    ...forms.map(([, path]) => ({ method: "post", path: at(path) }) as const),
  ].filter(({ path }) => path !== "/log-out");
}

async function walk(who: Who): Promise<{ seen: string[]; shut: string[] }> {
  const browser = await browse(stage, who);
  const seen = new Set<string>();
  const shut: string[] = [];
  const waiting: Door[] = [{ method: "get", path: "/" }];
  for (let door = waiting.pop(); door && seen.size < PAGES_MAX; door = waiting.pop()) {
    const name = `${door.method} ${door.path}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const answer = await (door.method === "get"
      ? browser.get(door.path)
      : browser.post(door.path, {}));
    if (![200, 303, 422].includes(answer.status)) shut.push(`${name} ${answer.status}`);
    const location = answer.headers.get("location");
    if (location) waiting.push({ method: "get", path: location });
    if (answer.headers.get("content-type")?.startsWith("text/html"))
      waiting.push(...doorsIn(await answer.text(), door.path));
  }
  return { seen: [...seen], shut };
}

test.each<[Who, number]>([
  ["beatrice", 25],
  ["agnes", 8],
  ["odile", 20],
  ["sophie", 3],
  ["karim", 3],
  ["paul", 5],
  ["victor", 4],
  ["lina", 3],
])("%s meets no shut door", async (who, atLeast) => {
  const { seen, shut } = await walk(who);
  expect(shut).toEqual([]);
  expect(seen.length).toBeGreaterThanOrEqual(atLeast);
  expect(seen.length).toBeLessThan(PAGES_MAX);
});

test("the auditor is shown no form but those that every page has", async () => {
  const { seen } = await walk("odile");
  const own = /^post \/(language|account|log-in|recover|first)\b/;
  expect(seen.filter((door) => door.startsWith("post") && !own.test(door))).toEqual([]);
});
