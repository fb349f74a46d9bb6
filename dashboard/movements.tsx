// A student's movements as bursar and guardian read them. Each row opens to the proof behind it.

import type { Movement } from "#edge/reads/movements.ts";
import type { Item } from "#edge/reads/products.ts";
import type { Source } from "#edge/reads/source.ts";
import type { Texts } from "./texts/fr.ts";
import type { Voice } from "./voice.ts";

export function pathOf({ source, counter }: Source): string {
  return `/movements/${source}/${counter}`;
}

/** A name for the row of a movement, so that a live page can tell a new row from a known one. */
export function idOf({ source, counter }: Source): string {
  return `m-${source}-${counter}`;
}

/** "Potage, 2 × Photocopie". */
export function listOf(items: Item[], t: Texts): string {
  return items
    .map((item) => {
      const name = item.name ?? t.movement.unknownProduct(item.product);
      return item.quantity === 1 ? name : `${item.quantity} × ${name}`;
    })
    .join(", ");
}

/** What the row says: the products if there are any, else the kind of movement and its note. */
export function summaryOf(movement: Movement, t: Texts): string {
  if (movement.items.length) return listOf(movement.items, t);
  const kind = t.movement[movement.kind];
  return movement.note ? t.movement.noted(kind, movement.note) : kind;
}

/** The moment in full is one gesture away. */
export function When({ at, now, voice }: { at: number; now: number; voice: Voice }) {
  return (
    <time datetime={new Date(at * 1000).toISOString()} title={voice.moment(at)}>
      <span class="day">{voice.day(at, now)}</span> {voice.time(at)}
    </time>
  );
}

type MovementsProps = { movements: Movement[]; now: number; voice: Voice };

export function Movements({ movements, now, voice }: MovementsProps) {
  const { t } = voice;
  if (!movements.length) return <p class="empty">{t.movement.none}</p>;
  return (
    <table class="rows movements">
      <thead>
        <tr>
          <th scope="col">{t.movement.date}</th>
          <th scope="col">{t.movement.what}</th>
          <th scope="col" class="figure">
            {t.movement.amount}
          </th>
          <th scope="col" class="figure after">
            {t.movement.balanceAfter}
          </th>
        </tr>
      </thead>
      <tbody>
        {movements.map((movement) => (
          <Row movement={movement} now={now} voice={voice} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { movement: Movement; now: number; voice: Voice };

function Row({ movement, now, voice }: RowProps) {
  const { t } = voice;
  return (
    <tr id={idOf(movement)}>
      <td class="when">
        <When at={movement.at} now={now} voice={voice} />
      </td>
      <td class="what">
        {movement.kind === "payment" ? (
          t.movement.payment
        ) : (
          <a href={pathOf(movement)}>{summaryOf(movement, t)}</a>
        )}
        <small>
          {movement.place ?? t.movement.office}
          {movement.schoolCents > 0 &&
            ` · ${voice.money(movement.schoolCents)} ${t.movement.schoolPaid}`}
        </small>
      </td>
      <td class={movement.walletCents > 0 ? "figure gain" : "figure"}>
        {voice.change(movement.walletCents)}
      </td>
      <td class="figure after">{voice.money(movement.balanceCents)}</td>
    </tr>
  );
}

export function OlderLink({ movements, voice }: { movements: Movement[]; voice: Voice }) {
  return (
    <p class="more">
      <a href={`?before=${movements.at(-1)?.seq ?? 0}`}>{voice.t.student.older}</a>
    </p>
  );
}
