// The build gives one script, the same every time, that passes the gate; and refuses sources that Espruino cannot run.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { bundleFor, buildFirmware } from "./build.ts";
import { gate } from "./gate.ts";

const folder = mkdtempSync(join(tmpdir(), "obole-build-"));
afterAll(() => rmSync(folder, { recursive: true }));

function bundleText(source: string): Promise<string> {
  const entry = join(folder, "entry.ts");
  writeFileSync(entry, source);
  return bundleFor(entry, "closed");
}

test("the firmware passes the gate, and two builds are the same bytes", async () => {
  const first = await buildFirmware();
  expect(gate(first.code)).toEqual([]);
  expect(await buildFirmware()).toEqual(first);
  expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("its pieces are the whole script, none longer than the ESP32 can hold, and run one after the other", async () => {
  const { code, pieces } = await buildFirmware();
  let end = 0;
  const ends = pieces.map((piece) => (end += piece.length));
  expect(code.split("\n")[0]?.slice(2).split(" ").map(Number)).toEqual(ends);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(65535);
    expect(gate(piece)).toEqual([]);
  }
  expect(pieces.join("")).toBe(code);
});

test("functions come before what uses them, though the source says it the other way round", async () => {
  const code = await bundleText(
    "const a = [late(1), late(2)]; out(a); function late(n) { return n + 1 }",
  );
  const seen: unknown[] = [];
  runInNewContext(code, { out: (value: unknown) => seen.push(value) });
  expect(JSON.stringify(seen)).toBe("[[2,3]]");
});

test("what can be lowered is: ??=, **, a catch without a name", async () => {
  const code = await bundleText("let a; a ??= 3; try { out(a ** 2) } catch { out(0) }");
  const seen: unknown[] = [];
  runInNewContext(code, { out: (value: unknown) => seen.push(value) });
  expect(seen).toEqual([9]);
});

test.each([
  ["destructuring", "const { a } = b; out(a)"],
  ["async", "out(async () => 1)"],
  ["rest", "out((...x) => x)"],
  ["generator", "out(function* () { yield 1 })"],
  ["spread", "out([...a])"],
  ["object spread", "out({ ...a })"],
  ["Map", "out(new Map())"],
  ["bigint", "out(1n)"],
])("%s stops the build", async (_name, source) => {
  await expect(bundleText(source)).rejects.toThrow();
});
