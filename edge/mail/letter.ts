// A mail from one source in two forms: plain text, and HTML that looks alike in every mail program, with inline styles
// and nothing fetched from elsewhere. Words are escaped by hono's html.

import { html } from "hono/html";

/** facts: a name and a value each. button: a link, which stands in the text in full. note: why one gets this mail. */
export type Letter = {
  subject: string;
  paragraphs: string[];
  facts?: [string, string][];
  button?: { words: string; link: string };
  after?: string[];
  note: string;
};
export type Written = { subject: string; body: string; html: string };

const FONT = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#1d2430";
const BUTTON =
  "display:inline-block;padding:12px 20px;border-radius:8px;background:#1f5a4c;color:#ffffff;text-decoration:none";
const SOFT = "font-size:13px;color:#5b6472";

export function writeLetter(school: string, letter: Letter): Written {
  const subject = oneLine(letter.subject);
  return { subject, body: asText(school, letter), html: asHtml(school, letter) };
}

function asText(school: string, { paragraphs, facts = [], button, after = [], note }: Letter) {
  const listed = facts.map(([name, value]) => `${name} : ${value}`).join("\n");
  const link = button ? `${button.words} :\n${button.link}` : "";
  const blocks = [...paragraphs, listed, link, ...after, `--\n${school}\n${note}`];
  return blocks.filter(Boolean).join("\n\n") + "\n";
}

function asHtml(school: string, { subject, paragraphs, facts, button, after = [], note }: Letter) {
  const page = html`<!doctype html>
    <html>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:24px;background:#f6f5f2">
        <div
          style="${FONT};max-width:34em;margin:0 auto;padding:24px;background:#ffffff;border-radius:12px"
        >
          ${paragraphs.map((words) => html`<p>${words}</p>`)}
          ${
            facts &&
            html`<table>
              ${facts.map(factRow)}
            </table>`
          }
          ${button && html`<p><a href="${button.link}" style="${BUTTON}">${button.words}</a></p>`}
          ${button && html`<p style="${SOFT}">${button.link}</p>`}
          ${after.map((words) => html`<p>${words}</p>`)}
          <p style="${SOFT}">${school}<br />${note}</p>
        </div>
      </body>
    </html>`;
  // A string at once, since nothing in it is a promise.
  return (page as string).replace(/\n\s+/g, "\n");
}

function factRow([name, value]: [string, string]) {
  return html`<tr>
    <td style="padding-right:16px;color:#5b6472">${name}</td>
    <td><strong>${value}</strong></td>
  </tr>`;
}

/** A head of a mail is one line (RFC 5322 section 2.2); a line break in it would begin another head. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();
}
