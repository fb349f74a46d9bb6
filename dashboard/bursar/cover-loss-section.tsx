// The form on the page of an account that bears losses.

import { randomUUID } from "node:crypto";
import type { CoverLoss } from "#edge/ledger/commands/command.ts";
import type { AccountName } from "#edge/reads/evidence.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { REASON_CHARACTERS_MAX } from "./correct-form.tsx";

const LOSSY: CoverLoss["account"][] = ["risk/terminals", "solidarity/grace"];

/** undefined for accounts that bear no losses. */
export function lossyOf(account: { kind: string; ref: string } | undefined) {
  return account && LOSSY.find((name) => name === `${account.kind}/${account.ref}`);
}

type SectionProps = {
  id: number;
  account: AccountName;
  balanceCents: number;
  problem: string;
  voice: Voice;
};

export function CoverLossSection({ id, account, balanceCents, problem, voice }: SectionProps) {
  const { t } = voice;
  if (!lossyOf(account) || (balanceCents >= 0 && !problem)) return <></>;
  return (
    <section class="panel" id="cover">
      <h2>{t.accounts.cover}</h2>
      <Problem words={problem} />
      <p>{t.accounts.coverWhy}</p>
      <form class="fields" method="post" action={`/accounts/${id}/cover`}>
        <input type="hidden" name="id" value={randomUUID()} />
        <label>
          {t.topUp.amount}
          <input name="amount" required inputmode="decimal" autocomplete="off" />
        </label>
        <label>
          {t.correct.reason}
          <input name="reason" required maxlength={REASON_CHARACTERS_MAX} autocomplete="off" />
        </label>
        <button>{t.accounts.coverSubmit}</button>
      </form>
    </section>
  );
}
