// A ledger with everything in it that books can hold: each outcome of a purchase, a void, a correction, orders, leases given
// back and given up. For the tests of proof; the gateway's own code books it, terminals on paper sign it.

import { endOfMonth, monthOf } from "#edge/calendar.ts";
import { publishHead } from "#edge/heads.ts";
import type { Order } from "#edge/ledger/commands/command.ts";
import { closePeriod } from "#edge/ledger/periods.ts";
import { counterOf } from "#edge/open-books.ts";
import { writeOff } from "#edge/ledger/write-offs.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Line } from "#protocol/entry.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { COPY, LINA, NOON, SCHOOL, SOUP, ZOE, give, lend } from "#sim/ledger-stage.ts";
import { offer, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import type { PaperTerminal, Said } from "#sim/paper-terminal.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";

const STRANGER = 77;
const UNKNOWN_PRODUCT = 99;
/** Of the stranger, at the first terminal; and the one that the second sold before it was lost. */
const UNKNOWN_SALE = { source: 1, counter: counterOf(1, 7) };
const LAST_SALE = { source: 2, counter: counterOf(1, 2) };
const LOST_CARD = fromHex("04deadbeef0101");

const sell = (product: number, quantity: number): Line => ({
  product,
  revision: 1,
  quantity,
  unitCents: 100,
});
const purchase = (student: number, ...lines: Line[]) =>
  ({ kind: "purchase", student, lines }) as const;

export async function openPaperSchool(url: string): Promise<LedgerStage> {
  const stage = await openLedgerStage(url);
  const { ledger, first, second } = stage;
  await ledger.client.batch(
    [
      { sql: "insert into school(id, slug, name) values(1, ?, 'Collège Test')", args: [SCHOOL] },
      {
        sql: "insert into card(uid, student, status, since) values(?, 1, 'blocked', ?)",
        args: [LOST_CARD, NOON - 60],
      },
    ],
    "write",
  );
  await topUp(stage, LINA, 2500);
  await topUp(stage, ZOE, 300);
  await lend(stage, 1, LINA, 1000);
  await lend(stage, 2, LINA, 500);
  await say(stage, first, { kind: "open" });
  await say(stage, first, purchase(LINA, sell(SOUP, 2), sell(COPY, 1)));
  await say(stage, first, { kind: "void", student: LINA, totalCents: 300, voids: 2 });
  await say(stage, first, purchase(LINA, sell(SOUP, 4), sell(UNKNOWN_PRODUCT, 1)));
  await say(stage, first, { ...purchase(ZOE, sell(SOUP, 4)), graceCents: 200 });
  await say(stage, first, { ...purchase(ZOE, sell(SOUP, 3)), graceCents: 100 });
  await say(stage, first, purchase(STRANGER, sell(SOUP, 1)));
  await say(stage, first, { ...purchase(LINA, sell(COPY, 2)), card: LOST_CARD });
  await say(stage, first, { kind: "void", student: LINA, totalCents: 300, voids: 2 });
  await say(stage, second, { kind: "open" });
  await say(stage, second, purchase(LINA, sell(SOUP, 1)));
  const order = { author: "béatrice", at: NOON, terminal: 2, epoch: 1 };
  const gone = await writeOff(ledger, { id: "lost/2", ...order });
  if (!gone.ok) throw new Error(`paper school: ${gone.reason}`);
  await say(stage, second, purchase(LINA, sell(SOUP, 1)));
  const [taken] = await runCommands(ledger, [
    {
      id: "correct/1",
      author: "béatrice",
      at: NOON,
      kind: "topUp",
      student: LINA,
      cents: -100,
      means: "correction",
      note: "double",
    },
  ]);
  if (!taken?.ok) throw new Error(`paper school: ${taken?.reason}`);
  await say(stage, first, { kind: "close" });
  await putRight(stage);
  await publishHead(ledger, Date.now());
  return stage;
}

const DAY = 20_784;
const COPIES = { product: COPY, revision: 1, quantity: 5, unitCents: 10 };

/** One correction of each kind, two orders of which one is handed over, and the month closed. */
async function putRight(stage: LedgerStage): Promise<void> {
  const { ledger, first } = stage;
  await offer(stage);
  await demand(stage, "before", [
    { kind: "goodwill", student: ZOE, cents: 150, reason: "froid" },
    { kind: "preOrder", student: LINA, day: DAY, lines: [sell(SOUP, 2), COPIES] },
    { kind: "preOrder", student: LINA, day: DAY, lines: [sell(SOUP, 1)] },
    { kind: "refund", student: LINA, cents: 50, reason: "départ" },
  ]);
  await say(stage, first, { kind: "collect", student: LINA, order: 1 });
  await say(stage, first, { kind: "collect", student: LINA, order: 1 });
  await demand(stage, "right", [
    { kind: "cancelPreOrder", order: 2, student: LINA },
    { kind: "coverLoss", account: "risk/terminals", cents: 100, reason: "carte perdue" },
    { kind: "assign", ...UNKNOWN_SALE, line: 0, student: LINA, reason: "sa carte" },
    { kind: "reverse", ...LAST_SALE, reason: "pas servi" },
    { kind: "gift", student: ZOE, cents: 20, reason: "départ" },
    { kind: "toSibling", student: ZOE, to: LINA, cents: 30, reason: "départ" },
  ]);
  const head = { author: "béatrice", at: NOON };
  const month = monthOf(Date.now() / 1000);
  const closing = { ...head, id: "close", month, acknowledged: [1, 2] };
  const closed = await closePeriod(ledger, closing, endOfMonth(month) * 1000);
  if (!closed.ok) throw new Error(`paper school: ${closed.reason}`);
}

async function demand({ ledger }: LedgerStage, name: string, orders: Order[]): Promise<void> {
  const head = { author: "béatrice", at: NOON };
  const commands = orders.map((order, index) => ({ ...head, id: `${name}/${index}`, ...order }));
  for (const result of await runCommands(ledger, commands))
    if (!result.ok) throw new Error(`paper school: ${result.reason}`);
}

let minutes = 0;

async function say(stage: LedgerStage, paper: PaperTerminal, said: Said): Promise<void> {
  const token = sayToken(paper, said, NOON + 60 * ++minutes);
  await give(stage, [sayTokens(paper, [token])]);
}
