// The cause of a movement, as it can be checked: the terminal's signed token with every field, or the recorded command.

import type { CommandEvidence, TokenEvidence } from "#edge/reads/evidence.ts";
import type { Proof } from "#protocol/entry.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Texts } from "./texts/fr.ts";
import type { Voice } from "./voice.ts";

export function SignedToken({ token, voice }: { token: TokenEvidence; voice: Voice }) {
  const { t } = voice;
  const { entry } = token;
  return (
    <section class="panel">
      <h2>{t.movement.token}</h2>
      <dl class="facts">
        <dt>{t.movement.signature}</dt>
        <dd class={token.signatureGood ? "good" : "problem"}>
          {token.signatureGood ? t.movement.signatureGood : t.movement.signatureBad}
        </dd>
        <dt>{t.movement.terminal}</dt>
        <dd>{t.movement.numbered(token.place, entry.terminal)}</dd>
        <dt>{t.movement.entry}</dt>
        <dd>{entry.seq}</dd>
        <dt>{t.movement.epoch}</dt>
        <dd>{entry.epoch}</dd>
        <dt>{t.movement.terminalTime}</dt>
        <dd>
          {voice.moment(entry.time)} <small>{t.movement.clock[entry.clock]}</small>
        </dd>
        <dt>{t.movement.receivedAt}</dt>
        <dd>{voice.moment(token.receivedAt)}</dd>
        {"proof" in entry && <dt>{t.movement.proof}</dt>}
        {"proof" in entry && <dd>{proofIn(entry.proof, t)}</dd>}
        {"lease" in entry && <dt>{t.movement.lease}</dt>}
        {"lease" in entry && <dd>{entry.lease}</dd>}
        {"lease" in entry && <dt>{t.movement.leased}</dt>}
        {"lease" in entry && <dd>{voice.money(token.leasedCents)}</dd>}
        <dt>{t.movement.outcome}</dt>
        <dd>
          <code>{token.outcome}</code>
        </dd>
        <dt>{t.movement.hash}</dt>
        <dd>
          <code>{toHex(token.hash)}</code>
        </dd>
      </dl>
      <details>
        <summary>{t.movement.bytes}</summary>
        <code class="bytes">{toHex(token.token)}</code>
      </details>
    </section>
  );
}

function proofIn(proof: Proof, t: Texts): string {
  return proof.method === "uid" ? t.movement.byUid : t.movement.authenticated(proof.counter);
}

export function LedgerCommand({ command, voice }: { command: CommandEvidence; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.movement.command}</h2>
      <dl class="facts">
        <dt>{t.movement.author}</dt>
        <dd>{command.author}</dd>
        <dt>{t.movement.recordedAt}</dt>
        <dd>{voice.moment(command.at)}</dd>
        {command.note && <dt>{t.movement.note}</dt>}
        {command.note && <dd>{command.note}</dd>}
        <dt>{t.movement.commandId}</dt>
        <dd>
          <code>{command.id}</code>
        </dd>
      </dl>
    </section>
  );
}
