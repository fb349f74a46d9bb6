// `npm run firmware`: bundles entry.ts into the one script a terminal runs, .obole/firmware/terminal.js.
// esbuild refuses syntax that Espruino lacks and lowers what can be lowered, terser shortens (Espruino runs from source:
// spaces cost time) and moves functions to where they are declared first, gate.ts checks what came out. build-passes.ts
// says which functions stay as they are, build-nesting.ts which are declared only while they are needed, build-start.ts
// which are gone after the start.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { parse } from "acorn";
import { build, stop } from "esbuild";
import { minify } from "terser";
import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import { digestOfScript } from "#protocol/release.ts";
import { nestFunctions } from "./build-nesting.ts";
import { keepDeclared, keepResident, tapFirst } from "./build-passes.ts";
import { forgetStart } from "./build-start.ts";
import { gate } from "./gate.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUTPUT_FOLDER = join(ROOT, ".obole", "firmware");

/** What the interpreter has not: esbuild then lowers it where it can, and fails where it cannot. */
const ESPRUINO: NonNullable<BuildOptions["supported"]> = {
  "array-spread": false,
  "async-await": false,
  "async-generator": false,
  bigint: false,
  "class-field": false,
  "class-static-blocks": false,
  "class-static-field": false,
  "default-argument": false,
  destructuring: false,
  "exponent-operator": false,
  generator: false,
  "import-meta": false,
  "logical-assignment": false,
  "new-target": false,
  "object-rest-spread": false,
  "optional-catch-binding": false,
  "optional-chain": false,
  "rest-argument": false,
};

/** Libraries inside Espruino's own firmware. */
const BUILT_INTO_ESPRUINO = ["crypto", "Flash", "net", "Storage", "Wifi"];

/** An ESP32 takes no more of a script that lies in flash: the length of a native string has 16 bits there
 * (Espruino's src/jsvar.h, JSV_NATIVE_STR_MAX_LENGTH), and the rest is cut off without a word. */
const PIECE_BYTES_MAX = 65535;
const ENDS_DIGITS = 6;
/** The line with the ends stands before the first piece. */
const ROOM = PIECE_BYTES_MAX - 64;

/** code is the whole script, whose first line is a comment with the ends of its pieces: what Espruino can hold at once,
 * to be run one after the other (boards/boot.ts). sha256 is digestOfFirmware of code, in hex. */
export type Firmware = { code: string; sha256: string; pieces: string[] };

/** Bundles one entry file for the interpreter, as one script whose names are global, or closed in a function of its own.
 * The functions of the resident modules run from memory instead of flash, for measurements.
 * Throws with everything that stands in the way. */
export async function bundleFor(
  entry: string,
  scope: "global" | "closed",
  resident: string[] = [],
): Promise<string> {
  const bundled = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    // The one format that leaves require() alone: it is the interpreter's own.
    format: "cjs",
    platform: "node",
    external: BUILT_INTO_ESPRUINO,
    charset: "ascii",
    target: "es2015",
    supported: ESPRUINO,
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  const warnings = bundled.warnings.map((one) => `${one.location?.file}: ${one.text}`);
  if (warnings.length) throw new Error("firmware: esbuild warns\n" + warnings.join("\n"));
  const kept = keepDeclared(keepResident(bundled.outputFiles[0]?.text ?? "", resident));
  const text = nestFunctions(tapFirst(kept));
  const scoped = scope === "closed" ? `(function(){${text}})();` : forgetStart(text);
  const shortened = await minify(scoped, {
    ecma: 5,
    toplevel: true,
    // Functions first, and none inlined that has arguments (terser would declare them after their use): Espruino knows a
    // name only once its declaration has run.
    compress: {
      ecma: 5,
      arrows: false,
      computed_props: false,
      directives: false,
      hoist_funs: true,
      inline: 1,
      passes: 2,
    },
    // A word of the language to Espruino, a name like any other to terser.
    mangle: { reserved: ["of"] },
    format: { ecma: 5, shorthand: true, ascii_only: true },
  });
  const code = shortened.code ?? "";
  const refused = gate(code);
  if (refused.length) throw new Error("firmware: Espruino cannot run\n" + refused.join("\n"));
  return code;
}

/** The terminal's script, and the hash that its `open` entry names. */
export async function buildFirmware(resident: string[] = []): Promise<Firmware> {
  const code = await bundleFor("firmware/entry.ts", "global", resident);
  const pieces = withEnds(cut(code));
  const whole = pieces.join("");
  const digest = digestOfScript(sha256, fromLatin1(whole));
  return { code: whole, sha256: toHex(digest), pieces };
}

const sha256 = (data: Bytes): Bytes => createHash("sha256").update(data).digest();

/** Puts the line with the ends of all pieces before the first. */
function withEnds(pieces: string[]): string[] {
  let end = 2 + pieces.length * (ENDS_DIGITS + 1);
  const ends = pieces.map((piece) => String((end += piece.length)).padStart(ENDS_DIGITS, "0"));
  return pieces.map((piece, i) => (i ? piece : `//${ends.join(" ")}\n${piece}`));
}

/** Cuts between statements of the outermost level; each ends with a semicolon, so that the pieces are also one script. */
function cut(code: string): string[] {
  const pieces: string[] = [""];
  for (const statement of parse(code, { ecmaVersion: 2022 }).body) {
    const text = code.slice(statement.start, statement.end).replace(/;$/, "") + ";";
    const last = pieces.length - 1;
    if (text.length > ROOM) throw new Error(`firmware: a statement of ${text.length} bytes`);
    if ((pieces[last] ?? "").length + text.length > ROOM) pieces.push(text);
    else pieces[last] += text;
  }
  return pieces;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const firmware = await buildFirmware();
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  writeFileSync(join(OUTPUT_FOLDER, "terminal.js"), firmware.code);
  console.log(`.obole/firmware/terminal.js  ${firmware.code.length} bytes`);
  const lengths = firmware.pieces.map(({ length }) => length);
  console.log(`in pieces of ${lengths.join(" and ")} bytes`);
  console.log(`hash ${firmware.sha256}`);
  await stop();
}
