// Real SMTP servers for the tests that run in workerd: inject("smtp") names one that asks for STARTTLS, one that speaks TLS
// from the first byte, and three that a careful sender does not use. What they were given is read over HTTP.

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { TestProject } from "vitest/node";

export type SmtpPorts = {
  startTls: number;
  tls: number;
  /** Offers no STARTTLS. */
  plain: number;
  /** Its certificate is by nobody that is trusted. */
  stranger: number;
  /** Its certificate is another host's. */
  misnamed: number;
  /** GET: the mails so far, as JSON; then they are forgotten. */
  inbox: string;
};
export type Received = {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  heads: string;
};

declare module "vitest" {
  interface ProvidedContext {
    smtp: SmtpPorts;
  }
}

const FOLDER = join(import.meta.dirname, "mail");
/** workerd trusts what this variable names at its start (vitest.config.ts). */
export const TEST_AUTHORITY = join(FOLDER, "ca.pem");
const USER = { username: "ecole", password: "un mot de passe" };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const inbox: Received[] = [];
  const key = read("server-key.pem");
  const own = { key, cert: read("server.pem") };
  const servers = {
    startTls: smtp(inbox, own),
    tls: smtp(inbox, { ...own, secure: true }),
    plain: smtp(inbox, { disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
    stranger: smtp(inbox, { key, cert: read("stranger.pem"), secure: true }),
    misnamed: smtp(inbox, { key, cert: read("other.pem"), secure: true }),
  };
  const http = createServer((_request, response) => {
    response.end(JSON.stringify(inbox.splice(0)));
  });
  project.provide("smtp", {
    startTls: await portOf(servers.startTls),
    tls: await portOf(servers.tls),
    plain: await portOf(servers.plain),
    stranger: await portOf(servers.stranger),
    misnamed: await portOf(servers.misnamed),
    inbox: `http://127.0.0.1:${await portOf(http)}`,
  });
  return async () => {
    http.close();
    for (const server of Object.values(servers))
      await new Promise<void>((resolve) => server.close(resolve));
  };
}

function read(name: string): string {
  return readFileSync(join(FOLDER, name), "utf8");
}

/** Refuses for good who is nobody@, for now who is later@, and the letter that says "spam". */
function smtp(inbox: Received[], options: ConstructorParameters<typeof SMTPServer>[0]): SMTPServer {
  const server = new SMTPServer({
    ...options,
    onAuth({ username, password }, _session, done) {
      const isGood = username === USER.username && password === USER.password;
      done(isGood ? null : new Error("535 no"), isGood ? { user: username } : undefined);
    },
    onRcptTo({ address }, _session, done) {
      if (/^nobody@/i.test(address)) return done(reply(550, "no such mailbox"));
      return done(address.startsWith("later@") ? reply(451, "try again later") : null);
    },
    onData(stream, session, done) {
      let raw = "";
      stream.on("data", (chunk: Buffer) => (raw += chunk.toString("latin1")));
      stream.on("end", () => {
        if (raw.includes("spam")) return done(reply(554, "not wanted"));
        const { mailFrom, rcptTo } = session.envelope;
        void simpleParser(Buffer.from(raw, "latin1")).then((mail) => {
          inbox.push({
            to: rcptTo.map(({ address }) => address).join(" "),
            from: mailFrom ? mailFrom.address : "",
            subject: mail.subject ?? "",
            text: mail.text ?? "",
            html: mail.html || "",
            heads: raw.split("\r\n\r\n")[0] ?? "",
          });
          done();
        });
      });
    },
  });
  // A client that turns away from a certificate is what some tests are about.
  server.on("error", () => undefined);
  return server;
}

function reply(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

/** Of a server that listens on the loopback from now on. */
function portOf(server: Server | SMTPServer): Promise<number> {
  return new Promise((resolve) => {
    const listening = server.listen(0, "127.0.0.1", () =>
      resolve((listening.address() as AddressInfo).port),
    );
  });
}
