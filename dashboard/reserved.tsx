// Where a balance is reserved and why, for whoever may see it: the free part, then terminal by terminal what may still
// be spent there, since when, and what would bring it back.

import type { Reserved } from "#edge/reads/leases.ts";
import type { Voice } from "./voice.ts";

type Wallet = { balanceCents: number; reservedCents: number };
type Props = { wallet: Wallet; reserved: Reserved[]; now: number; voice: Voice };

export function ReservedAt({ wallet, reserved, now, voice }: Props) {
  const { t } = voice;
  return (
    <section class="panel" id="reserved">
      <h2>{t.reserved.title}</h2>
      <p>{t.reserved.free(voice.money(wallet.balanceCents - wallet.reservedCents))}</p>
      {reserved.length > 0 && <p>{t.reserved.why}</p>}
      <ul class="plain">
        {reserved.map((lease) => (
          <li>
            {lease.terminal} <span class="figure">{voice.money(lease.remainingCents)}</span>{" "}
            <small>{sinceIn(lease, now, voice)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sinceIn(lease: Reserved, now: number, voice: Voice): string {
  const { t } = voice;
  const granted = lease.grantedAt ? t.reserved.granted(voice.ago(lease.grantedAt, now)) : "";
  const state = lease.isOld
    ? t.reserved.old
    : lease.here
      ? t.reserved.here
      : t.reserved.away(lease.lastSeen ? voice.ago(lease.lastSeen, now) : t.terminals.never);
  return [granted, state].filter(Boolean).join(" ");
}
