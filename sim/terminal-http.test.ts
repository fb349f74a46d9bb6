// The terminals' HTTP interface does what hands can do, shows what eyes can see, and says what was wrong with a bad
// request by name and value. Method: one real terminal without a broker, real requests.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFirmware } from "#firmware/build.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { artOfPng } from "./parts/picture.ts";
import { installTerminal } from "./terminal-folder.ts";
import type { TerminalServer } from "./terminal-http.ts";
import { serveTerminals } from "./terminal-http.ts";
import { de } from "./terminal-page/texts/de.ts";
import { en } from "./terminal-page/texts/en.ts";
import { fr } from "./terminal-page/texts/fr.ts";
import { nl } from "./terminal-page/texts/nl.ts";
import type { VirtualTerminal } from "./terminals.ts";
import { createTerminal } from "./terminals.ts";

/** Bundling takes a second, and ten on a machine that runs every test at once. */
const BUILD_MS_MAX = 60_000;
const LINA = "04a1b2c3d4e580";
const folder = mkdtempSync(join(tmpdir(), "obole-http-"));
let terminal: VirtualTerminal;
let server: TerminalServer;

beforeAll(async () => {
  const provisioned = provisionTerminal({
    school: "college-demo",
    terminal: 3,
    epoch: 1,
    sealSecret: new Uint8Array(32),
    broker: { host: "127.0.0.1", port: 9 },
    nonces: 5,
  });
  installTerminal(folder, provisioned);
  const { code } = await buildFirmware();
  terminal = createTerminal({ id: 3, label: "Réfectoire", products: ["Potage"], folder, code });
  server = await serveTerminals(0, [terminal], [{ uid: LINA, label: "Lina Dubois", group: "1A" }]);
}, BUILD_MS_MAX);
afterAll(async () => {
  terminal.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function get(path: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(server.url + path);
  return { status: response.status, json: await response.json() };
}

async function post(path: string, body: unknown): Promise<{ status: number; json: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(server.url + path, { method: "POST", body: text });
  return { status: response.status, json: await response.json() };
}

describe("hands and eyes", () => {
  test("the list of terminals and of cards", async () => {
    expect(await get("/terminals")).toMatchObject({
      status: 200,
      json: [{ id: 3, label: "Réfectoire", powered: true, network: true, products: ["Potage"] }],
    });
    expect((await get("/cards")).json).toEqual([{ uid: LINA, label: "Lina Dubois", group: "1A" }]);
  });

  test("one terminal: its display as text and as a picture of the same pixels", async () => {
    const { json } = await get("/terminals/3");
    expect(json).toMatchObject({ id: 3, online: false, unsent: 1, clock: "--:--" });
    const { png } = json as { png: string };
    const response = await fetch(`${server.url}/terminals/3/display.png`);
    expect(response.headers.get("content-type")).toBe("image/png");
    const served = Buffer.from(await response.arrayBuffer());
    expect(served.toString("base64")).toBe(png);
    expect(artOfPng(terminal.png(1)).join("")).toContain("#");
  });

  test("a tap is answered with what the terminal said", async () => {
    const { status, json } = await post("/terminals/3/tap", { card: LINA });
    expect(status).toBe(200);
    expect(json).toMatchObject({ heard: "refused", powered: true });
  });

  test("a key changes the display", async () => {
    const before = terminal.state().big;
    const { json } = await post("/terminals/3/key", { key: "shift" });
    expect((json as { big: string }).big).not.toBe(before);
    await post("/terminals/3/key", { key: "cancel" });
  });

  test("power and network have switches; a dark terminal says nothing", async () => {
    expect((await post("/terminals/3/network", { up: false })).json).toMatchObject({
      network: false,
    });
    expect((await post("/terminals/3/power", { on: false })).json).toMatchObject({
      powered: false,
      big: "",
      lines: ["", ""],
      clock: "",
    });
    expect((await post("/terminals/3/key", { key: "ok" })).json).toMatchObject({ big: "" });
    const { json } = await post("/terminals/3/power", { on: true });
    expect(json).toMatchObject({ powered: true, network: false });
    expect((json as { big: string }).big).not.toBe("");
    await post("/terminals/3/network", { up: true });
  });

  test("events: the display at once, then each change and each sound", async () => {
    const response = await fetch(`${server.url}/terminals/3/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const key = post("/terminals/3/key", { key: "shift" });
    let text = "";
    while (!/event: tone[^]*event: display/.test(text)) {
      const part = await reader?.read();
      if (!part || part.done) throw new Error("events: the stream ended");
      text += part.value;
    }
    await key;
    const first = /^event: display\ndata: (.*)\n\n/.exec(text);
    const shown = JSON.parse(first?.[1] ?? "") as { pixels: string; label: string };
    expect(shown.label).toBe("Réfectoire");
    expect(Buffer.from(shown.pixels, "base64")).toHaveLength(1024);
    await reader?.cancel();
  });
});

describe("a bad request is told what was bad", () => {
  const cases: [string, unknown, number, string][] = [
    ["/terminals/9/tap", { card: LINA }, 404, "terminal: there is no 9"],
    ["/terminals/3/shake", {}, 404, 'terminal: nothing to do called "shake"'],
    ["/terminals/3/tap/x", {}, 404, "path: nothing at /terminals/3/tap/x"],
    ["/cards", {}, 405, "method: POST at /cards"],
    ["/terminals/3/tap", "soup", 400, "body: not JSON: soup"],
    ["/terminals/3/tap", "[1]", 400, "body: not an object: [1]"],
    ["/terminals/3/tap", " ".repeat(5000), 413, "body: longer than 4096 bytes"],
    [
      "/terminals/3/tap",
      { card: "04zz" },
      400,
      'card: "04zz" is not a UID of 4, 7 or 10 bytes in hexadecimal',
    ],
    [
      "/terminals/3/tap",
      { card: "0401" },
      400,
      'card: "0401" is not a UID of 4, 7 or 10 bytes in hexadecimal',
    ],
    [
      "/terminals/3/tap",
      {},
      400,
      "card: undefined is not a UID of 4, 7 or 10 bytes in hexadecimal",
    ],
    [
      "/terminals/3/key",
      { key: "9" },
      400,
      'key: "9" is none of 1, 2, 3, 4, 5, 6, 7, 8, plus, minus, cancel, ok, void, shift, collect',
    ],
    ["/terminals/3/network", { up: "no" }, 400, 'up: "no" is neither true nor false'],
    ["/terminals/3/power", {}, 400, "on: undefined is neither true nor false"],
  ];
  test.each(cases)("POST %s %j", async (path, body, status, error) => {
    expect(await post(path, body)).toEqual({ status, json: { error } });
  });

  test.each([
    ["/nothing", "path: nothing at /nothing"],
    ["/terminals/4", "terminal: there is no 4"],
    ["/terminals/3/smell", "terminal: no smell to look at"],
  ])("GET %s", async (path, error) => {
    expect(await get(path)).toEqual({ status: 404, json: { error } });
  });

  test("a port that is taken is an error at the start", async () => {
    const { port } = new URL(server.url);
    await expect(serveTerminals(Number(port), [terminal], [])).rejects.toThrow("EADDRINUSE");
  });
});

describe("the page", () => {
  test.each([
    ["?lang=nl", "fr", nl.title],
    ["?lang=xx", "de-BE,fr;q=0.5", de.title],
    ["", "en-GB", en.title],
    ["", "pt,ja", fr.title],
  ])("%s with Accept-Language %s", async (query, accepted, title) => {
    const response = await fetch(`${server.url}/${query}`, {
      headers: { "accept-language": accepted },
    });
    expect(await response.text()).toContain(`<h1>${title}</h1>`);
  });

  test("its style and its script are served, the script without types", async () => {
    const style = await fetch(`${server.url}/style.css`);
    expect(style.headers.get("content-type")).toContain("text/css");
    const script = await (await fetch(`${server.url}/client.js`)).text();
    expect(script).toContain("new EventSource");
    expect(script).not.toContain("import ");
  });
});
