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
  "POST /log-out",
  "POST /language",
  "GET /heads",
];
const MAY: Record<string, Who[]> = {
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
  "GET /settings": ["beatrice"],
  "POST /settings/closing": ["beatrice"],
  "POST /settings/keepers": ["beatrice"],
  "POST /settings/keepers/remove": ["beatrice"],
  // Of Lina's purchase: she is Paul's daughter.
  "GET /movements/:source/:counter": ["beatrice", "paul"],
  "POST /movements/:source/:counter/reverse": ["beatrice"],
  "POST /movements/:source/:counter/assign": ["beatrice"],
  "GET /movements/:source/:counter/receipt": ["beatrice", "paul"],
  "GET /register": ["beatrice"],
  "GET /register/new": ["beatrice"],
  "POST /register/new": ["beatrice"],
  "GET /register/import": ["beatrice"],
  "POST /register/import": ["beatrice"],
  "GET /register/import/example": ["beatrice"],
  "GET /register/import/:import": [],
  "POST /register/import/:import": [],
  "POST /register/import/:import/discard": [],
  "GET /register/promotion": ["beatrice"],
  "POST /register/promotion": ["beatrice"],
  "GET /register/absences": ["beatrice"],
  "POST /register/absences": ["beatrice"],
  "POST /register/absences/remove": ["beatrice"],
  "GET /register/students/:id": ["beatrice"],
  "POST /register/students/:id": ["beatrice"],
  "POST /register/students/:id/guardians": ["beatrice"],
  "POST /register/students/:id/guardians/link": ["beatrice"],
  "POST /register/students/:id/guardians/:person": [],
  "POST /register/students/:id/guardians/:person/remove": ["beatrice"],
  "POST /register/students/:id/absences": ["beatrice"],
  "POST /register/students/:id/leaving": ["beatrice"],
  "POST /register/students/:id/balance": ["beatrice"],
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
    const isOpen = answer.status === 200 || answer.status === 422;
    expect([who, isOpen || answer.status]).toEqual([who, MAY[route]?.includes(who) || 404]);
  }
  const visitor = await browse(stage, undefined);
  const path = addressOf(route);
  const answer = await (route.startsWith("GET") ? visitor.get(path) : visitor.post(path, {}));
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/log-in"]);
});
