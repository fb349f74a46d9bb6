// The receipt of a movement: a file that anybody can check (npm run verify), and the same check in this browser. The page
// gives the script what it shows itself; the script says whether that is what the terminal signed (public/receipt.js).

import type { Evidence } from "#edge/reads/evidence.ts";
import type { Source } from "#edge/reads/source.ts";
import { mayRead } from "./movement-access.ts";
import type { PageContext } from "./page.tsx";
import { numberIn } from "./path.ts";
import type { Voice } from "./voice.ts";

export async function receipt(c: PageContext) {
  const source = numberIn(c.req.param("source"));
  const counter = numberIn(c.req.param("counter"));
  const evidence = await c.var.reads.evidence({ source, counter });
  if (!evidence || !(await mayRead(c, evidence))) return c.notFound();
  const found = await c.var.reads.receipt({ source, counter });
  if (!found) return c.notFound();
  return c.json(found, 200, {
    "content-disposition": `attachment; filename="receipt-${source}-${counter}.json"`,
  });
}

type Props = { evidence: Evidence; of: Source; voice: Voice };

export function ReceiptCheck({ evidence, of, voice }: Props) {
  const path = `/movements/${of.source}/${of.counter}`;
  const { t } = voice;
  const { token, postings } = evidence;
  const steps = ["signature", "page", "posted", "block", "head"] as const;
  const mine = token ? steps : steps.filter((step) => step !== "signature" && step !== "page");
  const totalCents = postings.reduce((sum, { cents }) => sum + cents, 0);
  const lines = token?.items.map(({ product, quantity, unitCents }) => [
    product,
    quantity,
    unitCents,
  ]);
  const shown = { time: token?.entry.time, seq: token?.entry.seq, totalCents, lines };
  return (
    <section
      class="panel"
      id="receipt"
      data-receipt={`${path}/receipt`}
      data-shown={JSON.stringify(shown)}
    >
      <h2>{t.receipt.title}</h2>
      <p>{t.receipt.why}</p>
      <p>
        <button type="button" hidden>
          {t.receipt.check}
        </button>{" "}
        <a href={`${path}/receipt`} download>
          {t.receipt.download}
        </a>
      </p>
      <ul class="plain" role="status">
        {mine.map((step) => (
          <li data-step={step} hidden>
            <span class="good" data-result="good" hidden>
              {t.receipt.good[step]}
            </span>
            <strong class="problem" data-result="bad" hidden>
              {t.receipt.bad[step]}
            </strong>
            <span data-result="unknown" hidden>
              {t.receipt.unknown[step]}
            </span>
          </li>
        ))}
      </ul>
      {token && <Signed voice={voice} />}
      <p data-failed class="problem" hidden>
        {t.receipt.failed}
      </p>
    </section>
  );
}

/** Filled in by the script with what it has decoded itself. */
function Signed({ voice }: { voice: Voice }) {
  const { t } = voice;
  const fields = [
    ["terminal", t.movement.terminal],
    ["seq", t.movement.entry],
    ["time", t.movement.terminalTime],
    ["total", t.movement.total],
  ];
  return (
    <dl class="facts" data-signed hidden>
      {fields.map(([field, label]) => (
        <>
          <dt>{label}</dt>
          <dd data-field={field}></dd>
        </>
      ))}
    </dl>
  );
}
