// Who carries the school's mail: Cloudflare's binding, an SMTP server, or nobody, and then it is read in the outbox.

import { smtpMailer } from "./smtp.ts";

export type Outgoing = { to: string; subject: string; text: string; html: string };
/** later: nobody knows, or not now. address: this address takes no mail, ever. refused: this mail is not wanted. */
export type Sent =
  | { ok: true }
  | { ok: false; reason: "later" | "address" | "refused"; said: string };
export type Mailer = { send(mail: Outgoing): Promise<Sent> };

/** Of the Worker's environment. */
export type MailSettings = {
  EMAIL?: { send(mail: Outgoing & { from: string }): Promise<unknown> };
  SMTP_URL?: string;
  MAIL_FROM?: string;
};

/** Throws when SMTP_URL is not one, or MAIL_FROM is missing. */
export function mailerOf(environment: MailSettings): Mailer | undefined {
  const { EMAIL, SMTP_URL, MAIL_FROM } = environment;
  if (!EMAIL && !SMTP_URL) return undefined;
  if (!MAIL_FROM) throw new Error("environment: MAIL_FROM is missing");
  return SMTP_URL ? smtpMailer(new URL(SMTP_URL), MAIL_FROM) : bindingMailer(EMAIL, MAIL_FROM);
}

/** Cloudflare Email Service. Its errors carry a code; those about the recipient are final. */
function bindingMailer(binding: MailSettings["EMAIL"], from: string): Mailer {
  return {
    async send({ to, subject, text, html }) {
      try {
        await binding?.send({ from, to, subject, text, html });
        return { ok: true };
      } catch (error) {
        const said = String(error);
        const isFinal = /RECIPIENT_(SUPPRESSED|NOT_ALLOWED)/.test(said);
        return { ok: false, reason: isFinal ? "address" : "later", said };
      }
    },
  };
}
