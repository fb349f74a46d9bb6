// The terminals: who is there, what waits, and what arrived and could not be booked, with the reason in plain words.

import type { MessageFault } from "#edge/border.ts";
import type { Alarm } from "#edge/plan.ts";
import type { Quarantined, Terminal } from "#edge/reads/terminals.ts";
import { mayBook } from "../may.ts";
import { When } from "../movements.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";
import { Devices } from "./write-off.tsx";

const QUARANTINE_SHOWN = 100;
/** Terminals speak at least each minute; after this many the bursar should have a look. */
const QUIET_SECONDS = 15 * 60;

export async function terminals(c: PageContext) {
  const { voice, now } = c.var;
  const { t } = voice;
  const read = await c.var.reads.terminals(QUARANTINE_SHOWN);
  const devices = await c.var.reads.devices();
  return page(
    c,
    t.terminals.title,
    <>
      <h1>{t.terminals.title}</h1>
      {read.terminals.length === 0 && <p class="empty">{t.terminals.none}</p>}
      <div class="cards" id="terminals" data-live>
        {read.terminals.map((terminal) => (
          <TerminalCard terminal={terminal} now={now} voice={voice} />
        ))}
      </div>
      {devices.length > 0 && (
        <Devices devices={devices} isOpen={mayBook(c.var.person)} now={now} voice={voice} />
      )}
      <section class="panel" id="quarantine" data-live>
        <h2>{t.terminals.quarantine}</h2>
        <p>{t.terminals.quarantineWhy}</p>
        {read.quarantined.length === 0 && <p class="empty">{t.terminals.quarantineNone}</p>}
        {read.quarantined.length > 0 && (
          <Quarantine rows={read.quarantined} now={now} voice={voice} />
        )}
      </section>
    </>,
    { live: true },
  );
}

type CardProps = { terminal: Terminal; now: number; voice: Voice };

function TerminalCard({ terminal, now, voice }: CardProps) {
  const { t } = voice;
  const isQuiet = terminal.lastSeen > 0 && now - terminal.lastSeen > QUIET_SECONDS;
  return (
    <article class="panel">
      <header class="line">
        <h2>{terminal.name}</h2>
        <span class={terminal.here ? "state good" : "state"}>
          {terminal.here ? t.terminals.here : t.terminals.away}
        </span>
      </header>
      <dl class="facts">
        <dt>{t.terminals.lastSeen}</dt>
        <dd>
          <Ago seconds={terminal.lastSeen} none={t.terminals.never} now={now} voice={voice} />
        </dd>
        <dt>{t.terminals.unsent}</dt>
        <dd>{t.bursar.unsentEntries(terminal.unsent)}</dd>
        <dt>{t.terminals.oldest}</dt>
        <dd>
          <Ago seconds={terminal.oldest} none={t.terminals.nothing} now={now} voice={voice} />
        </dd>
        <dt>{t.terminals.lastSeq}</dt>
        <dd>{terminal.lastSeq}</dd>
        <dt>{t.terminals.epoch}</dt>
        <dd>{terminal.epoch}</dd>
        <dt>{t.terminals.firmware}</dt>
        <dd>{terminal.firmware || t.terminals.firmwareBuiltIn}</dd>
        {terminal.errors > 0 && (
          <>
            <dt>{t.terminals.errors(terminal.errors)}</dt>
            <dd>
              <code>{terminal.lastError}</code>
            </dd>
          </>
        )}
      </dl>
      {isQuiet && <p class="problem">{t.terminals.sinceLate}</p>}
    </article>
  );
}

type AgoProps = { seconds: number; none: string; now: number; voice: Voice };

function Ago({ seconds, none, now, voice }: AgoProps) {
  if (!seconds) return <>{none}</>;
  return (
    <time datetime={new Date(seconds * 1000).toISOString()} title={voice.moment(seconds)}>
      {voice.ago(seconds, now)}
    </time>
  );
}

type QuarantineProps = { rows: Quarantined[]; now: number; voice: Voice };

function Quarantine({ rows, now, voice }: QuarantineProps) {
  const { t } = voice;
  return (
    <table class="rows quarantine">
      <thead>
        <tr>
          <th scope="col">{t.terminals.lastSeen}</th>
          <th scope="col">{t.movement.terminal}</th>
          <th scope="col">{t.terminals.reason}</th>
          <th scope="col" class="figure after">
            {t.terminals.times}
          </th>
          <th scope="col" class="figure after">
            {t.terminals.size}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <td class="when">
              <When at={row.lastSeen} now={now} voice={voice} />
            </td>
            <td>{row.terminal || "–"}</td>
            <td class="what">
              {reasonIn(row.reason, t)}
              <small>
                <code>{row.reason}</code>
              </small>
            </td>
            <td class="figure after">{row.times}</td>
            <td class="figure after">{t.terminals.bytes(row.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Reason = Exclude<Alarm, `malformed:${string}`> | MessageFault | "malformed";

/** "malformed:too-long" is explained as malformed; the exact fault stands beside it as its code. */
export function reasonIn(reason: string, t: Texts): string {
  const words: Record<Reason | "unknown", string> = t.terminals.reasons;
  const name = reason.split(":")[0] ?? "";
  return Object.entries(words).find(([known]) => known === name)?.[1] ?? words.unknown;
}
