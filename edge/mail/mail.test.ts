// Goal: mail that is queued arrives, once, whole and in every language, over a line that nobody else reads; what cannot
// arrive is known. Method: real SMTP servers, spoken to from workerd.

import { beforeEach, describe, expect, inject, test } from "vitest";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { connectLedger, openLedger } from "#edge/ledger/ledger.ts";
import { numberIn } from "#edge/ledger/row.ts";
import { newLedgerUrl } from "#sim/fresh-ledger.ts";
import type { Received } from "#sim/test-mail.ts";
import { oneLine, writeLetter } from "./letter.ts";
import type { Mailer, Outgoing } from "./mailer.ts";
import { mailerOf } from "./mailer.ts";
import { closeAddress, queueMail, reopenAddress, sendDue } from "./queue.ts";
import { smtpMailer } from "./smtp.ts";
import { MAIL_TEXTS } from "./words.ts";

const FROM = "Collège Test <ecole@ecole.example>";
const NOW = 1795431600;
const HOUR = 3600;

const { inbox, ...ports } = inject("smtp");
const urlOf = (kind: "smtp" | "smtps", port: number, password = "un mot de passe"): URL =>
  new URL(`${kind}://ecole:${encodeURIComponent(password)}@127.0.0.1:${port}`);
const received = async (): Promise<Received[]> => (await fetch(inbox)).json();

const LETTER = writeLetter("Collège Test", {
  subject: "Solde de Zoé : 4,50 €",
  paragraphs: ["Ça va bientôt être épuisé, <b>n’est-ce pas</b> ?"],
  facts: [["Élève", "Zoé"]],
  button: { words: "Recharger", link: "https://ecole.example/connect/K7QD?a=1&b=2" },
  note: "Größe, œuvre, señor",
});
const MAIL: Outgoing = {
  to: "paul@maison.example",
  subject: LETTER.subject,
  text: LETTER.body,
  html: LETTER.html,
};

beforeEach(async () => {
  await received();
});

describe("by SMTP", () => {
  test.each([
    ["with STARTTLS", urlOf("smtp", ports.startTls)],
    ["with TLS from the first byte", urlOf("smtps", ports.tls)],
  ])("%s a letter arrives whole, accents and all", async (_, url) => {
    expect(await smtpMailer(url, FROM).send(MAIL)).toEqual({ ok: true });
    const [mail] = await received();
    expect(mail).toMatchObject({
      to: "paul@maison.example",
      from: "ecole@ecole.example",
      subject: "Solde de Zoé : 4,50 €",
    });
    expect(mail?.text.trim()).toBe(LETTER.body.trim());
    expect(mail?.html).toContain("&lt;b&gt;n’est-ce pas&lt;/b&gt;");
    expect(mail?.html).toContain('href="https://ecole.example/connect/K7QD?a=1&amp;b=2"');
  });

  test.each([
    ["a server without STARTTLS", urlOf("smtp", ports.plain)],
    ["a certificate of a stranger", urlOf("smtps", ports.stranger)],
    ["a wrong name in the certificate", urlOf("smtps", ports.misnamed)],
    ["a wrong password", urlOf("smtp", ports.startTls, "faux")],
    ["nobody who answers", urlOf("smtp", 1)],
  ])("%s: nothing is sent, and it is tried later", async (_, url) => {
    expect(await smtpMailer(url, FROM).send(MAIL)).toMatchObject({ ok: false, reason: "later" });
    expect(await received()).toEqual([]);
  });

  test.each([
    ["nobody@maison.example", "address"],
    ["later@maison.example", "later"],
  ])("to %s: %s", async (to, reason) => {
    const mailer = smtpMailer(urlOf("smtp", ports.startTls), FROM);
    expect(await mailer.send({ ...MAIL, to })).toMatchObject({ ok: false, reason });
  });

  test("a letter that is not wanted says nothing about the address", async () => {
    const mailer = smtpMailer(urlOf("smtp", ports.startTls), FROM);
    const sent = await mailer.send({ ...MAIL, text: "spam", html: "spam" });
    expect(sent).toMatchObject({ ok: false, reason: "refused" });
  });

  test.each([
    ["a subject", { subject: "Bonjour\r\nBcc: tous@maison.example" }],
    ["an address", { to: "paul@maison.example\r\nRCPT TO:<tous@maison.example>" }],
    ["an address with a second one", { to: "paul@maison.example, tous@maison.example" }],
  ])(
    "%s with more in it than itself brings no second recipient and no second head",
    async (_, change) => {
      await smtpMailer(urlOf("smtp", ports.startTls), FROM).send({ ...MAIL, ...change });
      for (const mail of await received()) {
        expect(mail.to).not.toContain("tous");
        expect(mail.heads).not.toMatch(/^bcc:/im);
      }
    },
  );
});

test("another protocol, or nobody whom the mail is from, is refused at once", () => {
  expect(() => smtpMailer(new URL("http://127.0.0.1"), FROM)).toThrow("begins with http:");
  expect(() => mailerOf({ SMTP_URL: "smtp://127.0.0.1" })).toThrow("MAIL_FROM");
  expect(mailerOf({})).toBeUndefined();
});

test.each([
  [undefined, { ok: true }],
  ["E_RECIPIENT_SUPPRESSED", { ok: false, reason: "address" }],
  ["E_RATE_LIMIT_EXCEEDED", { ok: false, reason: "later" }],
])("Cloudflare's binding that says %s", async (said, sent) => {
  const asked: unknown[] = [];
  const EMAIL = {
    send(mail: unknown) {
      asked.push(mail);
      return said ? Promise.reject(new Error(said)) : Promise.resolve({ messageId: "1" });
    },
  };
  expect(await mailerOf({ EMAIL, MAIL_FROM: FROM })?.send(MAIL)).toMatchObject(sent);
  expect(asked).toEqual([{ ...MAIL, from: FROM }]);
});

describe("the queue", () => {
  let ledger: Ledger;
  const mailer = smtpMailer(urlOf("smtp", ports.startTls), FROM);
  const queue = (id: string, address: string) =>
    ledger.client.execute(queueMail({ id, address, ...LETTER }, NOW));
  const states = async (): Promise<unknown[]> =>
    (await ledger.client.execute("select id, state, tries from mail order by rowid")).rows.map(
      (row) => Object.values(row),
    );

  const waiting = async () =>
    (await ledger.client.execute("select next_at from mail where state = 'waiting'")).rows[0];

  beforeEach(async () => {
    ledger = await openLedger(connectLedger(await newLedgerUrl(), undefined), "college-test");
  });

  test("sends in order, once, what was queued once", async () => {
    for (const id of ["a", "b", "a"]) await queue(id, `${id}@maison.example`);
    expect(await sendDue(ledger, mailer, NOW)).toBe(2);
    expect(await sendDue(ledger, mailer, NOW + HOUR)).toBe(0);
    expect((await received()).map(({ to }) => to)).toEqual([
      "a@maison.example",
      "b@maison.example",
    ]);
  });

  test("tries again after a minute, five, a quarter of an hour and so on, and gives up after four days", async () => {
    await queue("a", "later@maison.example");
    const tried: number[] = [];
    for (let due = await waiting(); due; due = await waiting()) {
      const at = Math.max(NOW, numberIn(due, "next_at"));
      await sendDue(ledger, mailer, at);
      tried.push((at - NOW) / 60);
    }
    expect(tried.slice(0, 6)).toEqual([0, 1, 6, 21, 81, 261]);
    expect(await states()).toEqual([["a", "given-up", tried.length]]);
    expect(tried.at(-1)).toBeLessThan(4 * 24 * 60);
  }, 60_000);

  test("an address that takes no mail is not written to again, before the office says that it works", async () => {
    await queue("a", "Nobody@maison.example");
    await queue("b", "nobody@maison.example");
    await sendDue(ledger, mailer, NOW);
    await queue("c", "nobody@Maison.example");
    expect(await states()).toEqual([
      ["a", "refused", 1],
      ["b", "refused", 0],
    ]);
    await ledger.client.batch(reopenAddress("nobody@maison.example"), "write");
    expect(await states()).toEqual([
      ["a", "waiting", 0],
      ["b", "waiting", 0],
    ]);
  });

  test("a bounce that comes back later closes the address, too", async () => {
    await queue("a", "paul@maison.example");
    await ledger.client.batch(closeAddress("Paul@maison.example", "550 gone", NOW), "write");
    expect(await sendDue(ledger, mailer, NOW)).toBe(0);
    expect(await states()).toEqual([["a", "refused", 0]]);
  });

  test("stopped between sending and knowing, it sends once more rather than never", async () => {
    await queue("a", "a@maison.example");
    const stopped: Mailer = {
      async send(mail) {
        await mailer.send(mail);
        throw new Error("killed");
      },
    };
    await expect(sendDue(ledger, stopped, NOW)).rejects.toThrow("killed");
    expect(await sendDue(ledger, mailer, NOW + 30)).toBe(0);
    expect(await sendDue(ledger, mailer, NOW + 60)).toBe(1);
    expect(await received()).toHaveLength(2);
  });
});

test("a subject is one line whatever is in it", () => {
  expect(oneLine("a\r\nBcc: b\u2028c\u0000 ")).toBe("a Bcc: b c");
});

test.each(Object.entries(MAIL_TEXTS))("%s has its own words for every mail", (language, texts) => {
  const french = JSON.stringify(Object.values(MAIL_TEXTS.fr));
  if (language !== "fr") expect(JSON.stringify(Object.values(texts))).not.toBe(french);
  expect(texts.recovery.subject("École")).toContain("École");
});
