// The one story: a tap at the counter becomes cents on the parent's page. If only one test could be
// kept, this one. Real bytes from the terminal, the real intake, a real ledger, the real pages; the
// broker is the only part left out.

import { expect, test } from "vitest";
import {
  LINA,
  NOON,
  SEAL_SECRET,
  SOUP,
  WAFFLES,
  browse,
  openStage,
  readText,
} from "#sim/page-stage.ts";
import { overhear } from "#sim/overhearing.ts";
import type { Said } from "#sim/paper-terminal.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { primitives } from "./crypto.ts";
import { ingest } from "./ingest.ts";
import { answer, createService } from "./service.ts";

test("Lina buys soup and waffles: the terminal hears it is booked, Paul sees it", async () => {
  const { ledger, paper, ...stage } = await openStage();
  const paul = await browse({ ledger, paper, ...stage }, "paul");
  expect(await readText(await paul.get("/children"))).toContain("25,00");

  const purchase: Said = { kind: "purchase", student: LINA, lines: [SOUP, WAFFLES] };
  const message = sayTokens(paper, [sayToken(paper, purchase, NOON - 60)]);
  const { school } = paper;
  const border = { school, primitives, secret: SEAL_SECRET, keys: new Map() };
  const intake = { ledger, border, ring: new Map(), now: () => NOON * 1000 };
  const ingested = await ingest(intake, [message]);
  expect(ingested.results[0]?.outcomes).toEqual(["booked"]);

  const { voice, heard } = overhear(Date.now);
  answer(createService(ledger, voice, Date.now), ingested);
  const { no, hash } = ingested.head;
  const ack = { kind: "ack", seq: paper.seq, block: no, head: hash, nonce: paper.seq };
  expect(heard.map((one) => one.message)).toEqual([ack]);

  const children = await readText(await paul.get("/children"));
  expect(children).toContain("21,00");
  const victor = await browse({ ledger, paper, ...stage }, "victor");
  expect((await victor.get(`/children/${LINA}`)).status).toBe(404);
});
