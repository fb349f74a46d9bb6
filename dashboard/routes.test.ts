// Goal: no page is ever added that anybody may open who should not. Method: the list of routes is asked from the app
// itself, and every one is tried by everybody; what may be opened is this table and nothing else.

import { beforeAll, expect, test } from "vitest";
import type { Stage, Who } from "#sim/page-stage.ts";
import { browse, openStage } from "#sim/page-stage.ts";
import { pages } from "./routes.ts";

const OPEN = [
  "GET /",
  "GET /log-in",
  "POST /log-in",
  "GET /log-in/code",
  "POST /log-in/code",
  "POST /log-in/passkey/challenge",
  "POST /log-in/passkey",
  "GET /forgotten/password",
  "GET /forgotten/username",
  "POST /recover",
  "GET /first",
  "POST /first",
  "GET /connect/:code",
  "POST /connect/:code",
  "POST /connect/:code/come-in",
  "POST /connect/:code/again",
  "POST /log-out",
  "POST /language",
  "GET /heads",
];
const EVERYBODY: Who[] = ["beatrice", "paul", "victor"];
const MAY: Record<string, Who[]> = {
  "GET /account": EVERYBODY,
  "POST /account/password": EVERYBODY,
  "POST /account/sessions/end-others": EVERYBODY,
  "POST /account/sessions/:id/end": [],
  "POST /account/passkeys/challenge": EVERYBODY,
  "POST /account/passkeys": EVERYBODY,
  "POST /account/passkeys/:id/remove": [],
  "GET /account/second-factor": EVERYBODY,
  "POST /account/second-factor": EVERYBODY,
  "POST /account/second-factor/confirm": EVERYBODY,
  "POST /account/recovery-codes": EVERYBODY,
  "GET /students/import": ["beatrice"],
  "POST /students/import": ["beatrice"],
  "POST /students/import/confirm": ["beatrice"],
  "GET /people": ["beatrice"],
  "POST /people/invite": ["beatrice"],
  "GET /people/:id": ["beatrice"],
  "POST /people/:id/invite": ["beatrice"],
  "POST /people/:id/letter": ["beatrice"],
  "POST /people/:id/address": ["beatrice"],
  "POST /people/:id/reset-factor": ["beatrice"],
  "GET /bursar": ["beatrice"],
  "GET /students": ["beatrice"],
  "GET /students/:id": ["beatrice"],
  "POST /students/:id/top-up": ["beatrice"],
  "POST /students/:id/orders": ["beatrice"],
  "POST /students/:id/orders/:order/cancel": ["beatrice"],
  "GET /terminals": ["beatrice"],
  "GET /accounts": ["beatrice"],
  "GET /accounts/:id": ["beatrice"],
  "POST /accounts/:id/cover": [],
  "GET /accounts/:id/statements/:month": [],
  "GET /periods": ["beatrice"],
  "POST /periods": ["beatrice"],
  "GET /terminals/:id/epochs/:epoch/write-off": ["beatrice"],
  "POST /terminals/:id/epochs/:epoch/write-off": ["beatrice"],
  "GET /outbox": ["beatrice"],
  "POST /outbox/again": ["beatrice"],
  "GET /settings": ["beatrice"],
  "POST /settings/closing": ["beatrice"],
  "POST /settings/keepers": ["beatrice"],
  "POST /settings/keepers/remove": ["beatrice"],
  // Of Lina's purchase: she is Paul's daughter.
  "GET /movements/:source/:counter": ["beatrice", "paul"],
  "POST /movements/:source/:counter/reverse": ["beatrice"],
  "POST /movements/:source/:counter/assign": ["beatrice"],
  "GET /movements/:source/:counter/receipt": ["beatrice", "paul"],
  "GET /children": ["paul", "victor"],
  "GET /children/:id": ["paul"],
};

let stage: Stage;
const routes = pages.routes
  .filter((route) => route.method !== "ALL")
  .map((route) => `${route.method} ${route.path}`);

beforeAll(async () => {
  stage = await openStage();
});

test("every route is in the table", () => {
  expect([...new Set(routes)].toSorted()).toEqual([...OPEN, ...Object.keys(MAY)].toSorted());
});

/** Lina is student 1, and the top-up of hers the command that follows the opening of three accounts. */
function addressOf(route: string): string {
  return (route.split(" ")[1] ?? "")
    .replace(":id", "1")
    .replace(":epoch", "1")
    .replace(":order", "1")
    .replace(":source", "0")
    .replace(":counter", "4");
}

test.each(Object.keys(MAY))("%s", async (route) => {
  for (const who of ["beatrice", "paul", "victor"] as const) {
    const browser = await browse(stage, who);
    const path = addressOf(route);
    const answer = await (route.startsWith("GET") ? browser.get(path) : browser.post(path, {}));
    // An empty form is a form with a problem: 422 is the answer of a page that one may use.
    // So is 303 to a page of one's own account, and 415 where a script sends JSON.
    const isOpen = [200, 303, 415, 422].includes(answer.status);
    expect([who, isOpen || answer.status]).toEqual([who, MAY[route]?.includes(who) || 404]);
  }
  const visitor = await browse(stage, undefined);
  const path = addressOf(route);
  const answer = await (route.startsWith("GET") ? visitor.get(path) : visitor.post(path, {}));
  const asked = route.startsWith("GET") ? `?to=${encodeURIComponent(path)}` : "";
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/log-in" + asked]);
});
