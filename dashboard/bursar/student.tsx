// One student: wallet, cards, guardians, what each terminal may spend, and every movement; with the forms
// that take money in or give it back, and order.

import { randomUUID } from "node:crypto";
import type { StudentFile } from "#edge/reads/students.ts";
import { toHex } from "#protocol/bytes.ts";
import { mayBook, mayOrder } from "../may.ts";
import { Movements, OlderLink } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { beforeIn, numberIn } from "../path.ts";
import { ReservedAt } from "../reserved.tsx";
import type { Voice } from "../voice.ts";
import { OrdersSection } from "./orders-section.tsx";
import type { TopUpForm } from "./top-up-form.tsx";
import { TopUpSection } from "./top-up-form.tsx";

const MOVEMENTS_SHOWN = 50;

export async function student(c: PageContext) {
  const file = await c.var.reads.student(numberIn(c.req.param("id")));
  if (!file) return c.notFound();
  const recorded = await recordedCents(c, file);
  return studentPage(c, file, emptyTopUp(), recorded);
}

export function emptyTopUp(): TopUpForm {
  return { id: randomUUID(), means: "cash", amount: "", note: "", payer: "", problem: "" };
}

/** Also answers a refused order, or a refused top-up: the form comes back as it was sent, with the problem in words. */
export async function studentPage(
  c: PageContext,
  file: StudentFile,
  form: TopUpForm,
  recorded: number | undefined,
  orderProblem = "",
) {
  const { voice, now, person } = c.var;
  const { t } = voice;
  const isBooking = mayBook(person);
  const name = `${file.firstName} ${file.lastName}`;
  const before = beforeIn(c);
  const [{ movements, older }, orders] = await Promise.all([
    c.var.reads.movements(file, before, MOVEMENTS_SHOWN),
    c.var.reads.orders(file.id, now),
  ]);
  return page(
    c,
    name,
    <>
      <h1>
        {name} <small>{file.class}</small>
      </h1>
      {recorded !== undefined && (
        <p class="notice" role="status">
          {t.topUp.done(voice.change(recorded), name)}
        </p>
      )}
      <Wallet file={file} voice={voice} />
      <div class={isBooking ? "split" : undefined}>
        {isBooking && (
          <TopUpSection student={file.id} form={form} guardians={file.guardians} t={t} />
        )}
        <section class="panel">
          <h2>{t.student.movements}</h2>
          <Movements movements={movements} now={now} voice={voice} />
          {older && <OlderLink movements={movements} voice={voice} />}
        </section>
      </div>
      <ReservedAt wallet={file} reserved={file.leases} now={now} voice={voice} />
      <OrdersSection
        student={file.id}
        orders={orders}
        isOpen={mayOrder(person)}
        problem={orderProblem}
        voice={voice}
      />
      <File file={file} isBooking={isBooking} voice={voice} />
    </>,
    { status: form.problem || orderProblem ? 422 : 200 },
  );
}

/** After a top-up the page says what was recorded, read back from the ledger by the id of the form. */
async function recordedCents(c: PageContext, file: StudentFile): Promise<number | undefined> {
  const id = c.req.query("recorded");
  const command = id ? await c.var.reads.command(id) : undefined;
  return command?.student === file.id ? command.cents : undefined;
}

function Wallet({ file, voice }: { file: StudentFile; voice: Voice }) {
  const { t } = voice;
  return (
    <dl class="figures">
      <div>
        <dt>{t.student.balance}</dt>
        <dd class="large">{voice.money(file.balanceCents)}</dd>
      </div>
      <div>
        <dt>{t.student.reserved}</dt>
        <dd class="large">{voice.money(file.reservedCents)}</dd>
        <dd>{t.student.reservedWhy}</dd>
      </div>
    </dl>
  );
}

type FileProps = { file: StudentFile; isBooking: boolean; voice: Voice };

function File({ file, isBooking, voice }: FileProps) {
  const { t } = voice;
  return (
    <section class="panel columns">
      <div>
        <h2>{t.student.cards}</h2>
        {file.cards.length === 0 && <p class="empty">{t.student.noCard}</p>}
        <ul class="plain">
          {file.cards.map((card) => (
            <li>
              <code>{toHex(card.uid)}</code>{" "}
              {t.student.cardSince(t.student.card[card.status], voice.date(card.since))}{" "}
              <small>{t.student.cardKey(card.keyEpoch)}</small>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h2>{t.student.guardians}</h2>
        {file.guardians.length === 0 && <p class="empty">{t.student.noGuardian}</p>}
        <ul class="plain">
          {file.guardians.map((guardian) => (
            <li>
              {isBooking ? (
                <a href={`/people/${guardian.id}/data`}>{guardian.name}</a>
              ) : (
                guardian.name
              )}{" "}
              <small>{guardian.username}</small>
            </li>
          ))}
        </ul>
      </div>
      {isBooking && (
        <p>
          <a href={`/students/${file.id}/data`}>{t.ownFile.link}</a>
        </p>
      )}
    </section>
  );
}
