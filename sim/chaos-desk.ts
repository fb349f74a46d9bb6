// The bursar during the chaos: takes in cash through the page, like a person who sends the same form again and again
// until it is said to be recorded. Each order has an id of its own, so each must be in the ledger once.

import { keepCookies, logInBy } from "./accounts.ts";
import { BURSAR } from "./school.ts";
import type { LogIn } from "./secrets.ts";

const ANSWER_MS_MAX = 5000;
const AGAIN_MS = 500;

export type CashDesk = {
  /** By the id of their command, in cents. */
  recorded: Map<string, number>;
  /** How often a form had to be sent. */
  sent: number;
  payIn(id: string, student: number, cents: number): Promise<void>;
};

export function openCashDesk(dashboard: string, logins: LogIn[]): CashDesk {
  const recorded = new Map<string, number>();
  const cookies = new Map<string, string>();
  async function send(path: string, form: { [field: string]: string }): Promise<Response> {
    const answer = await fetch(dashboard + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: dashboard, cookie: [...cookies].map((one) => one.join("=")).join("; ") },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    keepCookies(cookies, answer);
    await answer.body?.cancel();
    return answer;
  }
  async function logIn(): Promise<void> {
    cookies.clear();
    await logInBy(
      send,
      logins.find((login) => login.username === BURSAR.username),
    );
  }
  async function isRecorded(id: string, student: number, cents: number): Promise<boolean> {
    if (!cookies.size) await logIn();
    const amount = (cents / 100).toFixed(2).replace(".", ",");
    const form = { id, means: "cash", amount, note: "" };
    const answer = await send(`/students/${student}/top-up`, form);
    return answer.headers.get("location") === `/students/${student}?recorded=${id}`;
  }
  const desk: CashDesk = {
    recorded,
    sent: 0,
    async payIn(id, student, cents) {
      for (;;) {
        desk.sent++;
        if (await isRecorded(id, student, cents).catch(() => false)) break;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
      recorded.set(id, cents);
    },
  };
  return desk;
}
