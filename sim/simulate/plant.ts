// Bugs planted in the real code while it is loaded, to see whether the simulation finds them: each replaces one piece of
// source text, which must stand in its file exactly once. `node --import ./sim/simulate/plant.ts` with PLANT=name.

import { registerHooks } from "node:module";

export type Bug = { file: string; text: string; instead: string };

export const BUGS: { [name: string]: Bug } = {
  "double post": {
    file: "/edge/plan.ts",
    text: "const sold = move(books, student, posted.postings);",
    instead: "const sold = move(books, student, [...posted.postings, ...posted.postings]);",
  },
  "forgotten burn": {
    file: "/firmware/nonce-range.ts",
    text: 'writeChecked(mark.sha256, range.region, offset, slot, "nonces: burn of " + index);',
    instead: "void [slot, offset];",
  },
  // What the terminal still holds of a lease that it gave back in part is given away.
  "early lease release": {
    file: "/edge/giving-back.ts",
    text: "lower(books, student, lease, entry.ceilingCents);",
    instead: "lower(books, student, lease, 0);",
  },
  "ack before commit": {
    file: "/edge/ingest.ts",
    text: "const head = await commit(intake.ledger, batch);",
    instead:
      "const head = await readHead(intake.ledger); await commit(intake.ledger, batch).catch(() => undefined);",
  },
  "skipped chain": {
    file: "/edge/ledger/chain.ts",
    text: "const leaves = sha256(concat(transfers.map(leafHash)));",
    instead: "const leaves = sha256(concat(transfers.slice(1).map(leafHash)));",
  },
};

const planted = process.env["PLANT"];
const bug = planted === undefined ? undefined : BUGS[planted];
if (planted !== undefined && !bug) throw new Error(`plant: no bug is called ${planted}`);
if (bug) {
  let isPlanted = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(bug.file)) return loaded;
      const given = loaded.source ?? "";
      const source = typeof given === "string" ? given : new TextDecoder().decode(given);
      const times = source.split(bug.text).length - 1;
      if (times !== 1) throw new Error(`plant: ${bug.file} has ${times} times: ${bug.text}`);
      isPlanted = true;
      return { ...loaded, source: source.replace(bug.text, () => bug.instead) };
    },
  });
  process.on("exit", () => {
    if (!isPlanted) console.error(`plant: ${bug.file} was never loaded`);
  });
}
