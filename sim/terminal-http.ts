// The virtual terminals over HTTP: for scripts as JSON, for people as a page with a display, keys and cards.
//   GET  /                            the page
//   GET  /terminals   /terminals/{id}   /terminals/{id}/display.png   /terminals/{id}/events   /cards
//   GET  /code                        the code that the bursar's phone would show, for as long as it is good
//   POST /terminals/{id}/tap {"card":"04a1b2c3d4e580"}, with "copy":true a copy of its UID on another chip
//         /key {"key":"ok"}   /network {"up":false}   /power {"on":true}

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { EmulatedCard } from "./parts/card.ts";
import { plainCard } from "./parts/card.ts";
import { streamEvents } from "./terminal-events.ts";
import type { PageFiles } from "./terminal-page/page.ts";
import { buildPage, languageOf } from "./terminal-page/page.ts";
import type { VirtualTerminal } from "./terminals.ts";
import { KEYS } from "./terminals.ts";

const BODY_BYTES_MAX = 4096;
const PNG_SCALE = 4;
/** How often the page of the code is asked for again. */
const CODE_SECONDS = 5;
const UID_BYTES = [4, 7, 10];

/** A card of the demo stack; uid in hexadecimal. Any other UID may be tapped too: it is a stranger's card. */
export type DemoCard = { uid: string; label: string; group?: string };

export type TerminalServer = { url: string; close(): Promise<void> };

/** What a caller did wrong, with the status that says so. */
class BadRequest extends Error {
  status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Serves on 127.0.0.1; port 0 takes any free one. cardOf makes the card of a UID that somebody lays on a reader. */
export async function serveTerminals(
  port: number,
  terminals: VirtualTerminal[],
  cards: DemoCard[],
  cardOf: (uid: Bytes) => EmulatedCard = plainCard,
  code?: () => Promise<string>,
): Promise<TerminalServer> {
  const page = await buildPage();
  const server: Server = createServer((request, response) => {
    answer(request, response, { terminals, cards, cardOf, code, page }).catch((error: unknown) => {
      const status = error instanceof BadRequest ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) sendJson(response, status, { error: message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Site = {
  terminals: VirtualTerminal[];
  cards: DemoCard[];
  cardOf: (uid: Bytes) => EmulatedCard;
  code: (() => Promise<string>) | undefined;
  page: PageFiles;
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  site: Site,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://terminal");
  const [first, id, what, ...rest] = url.pathname.split("/").slice(1);
  if (rest.length) throw new BadRequest(404, `path: nothing at ${url.pathname}`);
  if (first === "terminals" && id !== undefined) {
    const terminal = site.terminals.find((one) => String(one.id) === id);
    if (!terminal) throw new BadRequest(404, `terminal: there is no ${id}`);
    if (request.method === "POST") {
      const body = await readJson(request);
      return sendJson(response, 200, await act(site, terminal, what ?? "", body));
    }
    return show(request, response, terminal, what);
  }
  if (request.method !== "GET")
    throw new BadRequest(405, `method: ${request.method} at ${url.pathname}`);
  if (url.pathname === "/terminals")
    return sendJson(
      response,
      200,
      site.terminals.map((terminal) => terminal.state()),
    );
  if (url.pathname === "/cards") return sendJson(response, 200, site.cards);
  if (url.pathname === "/code" && site.code) {
    response.writeHead(200, { "content-type": "text/plain", refresh: String(CODE_SECONDS) });
    response.end(await site.code());
    return;
  }
  const language = languageOf(url.searchParams.get("lang"), request.headers["accept-language"]);
  const file = site.page(url.pathname, language);
  if (!file) throw new BadRequest(404, `path: nothing at ${url.pathname}`);
  response.writeHead(200, { "content-type": file.type, "cache-control": "no-cache" });
  response.end(file.content);
}

function show(
  request: IncomingMessage,
  response: ServerResponse,
  terminal: VirtualTerminal,
  what: string | undefined,
): void {
  if (what === "events") return streamEvents(request, response, terminal);
  const png = terminal.png(PNG_SCALE);
  if (what === "display.png") {
    response.writeHead(200, { "content-type": "image/png", "cache-control": "no-store" });
    response.end(png);
  } else if (what === undefined)
    sendJson(response, 200, {
      ...terminal.state(),
      png: png.toString("base64"),
      log: terminal.log(),
    });
  else throw new BadRequest(404, `terminal: no ${what} to look at`);
}

async function act(
  site: Site,
  terminal: VirtualTerminal,
  what: string,
  body: { [name: string]: unknown },
): Promise<unknown> {
  if (what === "tap") {
    const uid = uidOf(body["card"]);
    return terminal.tap(body["copy"] === true ? plainCard(uid) : site.cardOf(uid));
  }
  if (what === "key") {
    const key = KEYS.indexOf(String(body["key"]));
    if (key < 0)
      throw new BadRequest(
        400,
        `key: ${JSON.stringify(body["key"])} is none of ${KEYS.join(", ")}`,
      );
    return terminal.key(key);
  }
  if (what === "network") terminal.network(switchOf(body, "up"));
  else if (what === "power") terminal.power(switchOf(body, "on"));
  else throw new BadRequest(404, `terminal: nothing to do called ${JSON.stringify(what)}`);
  return terminal.state();
}

function uidOf(value: unknown): Uint8Array {
  const isHex = typeof value === "string" && /^([0-9a-f]{2})+$/i.test(value);
  if (!isHex || !UID_BYTES.includes(value.length / 2))
    throw new BadRequest(
      400,
      `card: ${JSON.stringify(value)} is not a UID of 4, 7 or 10 bytes in hexadecimal`,
    );
  return fromHex(value);
}

function switchOf(body: { [name: string]: unknown }, name: string): boolean {
  const value = body[name];
  if (typeof value !== "boolean")
    throw new BadRequest(400, `${name}: ${JSON.stringify(value)} is neither true nor false`);
  return value;
}

async function readJson(request: IncomingMessage): Promise<{ [name: string]: unknown }> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX)
      throw new BadRequest(413, `body: longer than ${BODY_BYTES_MAX} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequest(400, `body: not JSON: ${text.slice(0, 80)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadRequest(400, `body: not an object: ${text.slice(0, 80)}`);
  return value as { [name: string]: unknown };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}
