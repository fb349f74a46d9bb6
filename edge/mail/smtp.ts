// Mail by SMTP (RFC 5321), with nodemailer: smtps:// is TLS from the first byte (RFC 8314 section 3.3), smtp:// must
// change to TLS with STARTTLS (RFC 3207) before a password or a letter is sent; a server that cannot is not used.

import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { createTransport } from "nodemailer";
import type { Mailer, Sent } from "./mailer.ts";

const PORTS: { [protocol: string]: number } = { "smtps:": 465, "smtp:": 587 };
const WAIT_MS_MAX = 15_000;

/** url: smtps://user:password@host:port; the certificate must be of that host. Throws when it is another protocol. */
export function smtpMailer(url: URL, from: string): Mailer {
  const standard = PORTS[url.protocol];
  if (!standard) throw new Error(`mail: SMTP_URL begins with ${url.protocol}, not smtps: or smtp:`);
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const secure = url.protocol === "smtps:";
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port) || standard,
    secure,
    requireTLS: !secure,
    ...(user ? { auth: { user, pass } } : {}),
    getSocket(_options: unknown, answer: SocketAnswer) {
      openSocket(url.hostname, Number(url.port) || standard, secure).then(
        (connection) => answer(null, { connection, secured: secure }),
        (error: Error) => answer(error),
      );
    },
    connectionTimeout: WAIT_MS_MAX,
    greetingTimeout: WAIT_MS_MAX,
    socketTimeout: WAIT_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html }) {
      try {
        await transport.sendMail({ from, to: { name: "", address: to }, subject, text, html });
        return { ok: true };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** How nodemailer takes a connection that it did not open itself. */
type SocketAnswer = (error: Error | null, found?: { connection: Socket; secured: boolean }) => void;

/** nodemailer would ask the DNS itself and connect to a number. Here the runtime looks the name up, as it does for all else,
 * and the server's certificate is held against that name. */
function openSocket(host: string, port: number, secure: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = secure ? connectTls({ host, port, servername: host }) : connect({ host, port });
    const late = setTimeout(() => socket.destroy(new Error("no answer")), WAIT_MS_MAX);
    socket.once(secure ? "secureConnect" : "connect", () => {
      clearTimeout(late);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

/** Replies of 500 and more are final (RFC 5321 section 4.2.1): to RCPT TO they are about the address, to DATA about the
 * mail. To anything else they are about us or the server, and may be mended. */
function failed(error: unknown): Sent {
  const { responseCode = 0, command = "" } = error as { responseCode?: number; command?: string };
  const said = String(error);
  if (responseCode < 500) return { ok: false, reason: "later", said };
  if (command === "RCPT TO") return { ok: false, reason: "address", said };
  return { ok: false, reason: command === "DATA" ? "refused" : "later", said };
}
