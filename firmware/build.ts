// `npm run firmware`: bundles entry.ts into the one script a terminal runs, .obole/firmware/terminal.js.
// esbuild refuses syntax that Espruino lacks and lowers what can be lowered, terser shortens (Espruino runs from source:
// spaces cost time) and moves functions to where they are declared first, gate.ts checks what came out.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { build } from "esbuild";
import { minify } from "terser";
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

export type Firmware = { code: string; sha256: string };

/** Bundles one entry file for the interpreter. Throws with everything that stands in the way. */
export async function bundleFor(entry: string): Promise<string> {
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
  const script = `(function(){${bundled.outputFiles[0]?.text ?? ""}})();`;
  const shortened = await minify(script, {
    ecma: 5,
    compress: { ecma: 5, arrows: false, computed_props: false, hoist_funs: true, passes: 2 },
    format: { ecma: 5, shorthand: true, ascii_only: true },
  });
  const code = shortened.code ?? "";
  const refused = gate(code);
  if (refused.length) throw new Error("firmware: Espruino cannot run\n" + refused.join("\n"));
  return code;
}

/** The terminal's script, and the hash that its `open` entry names. */
export async function buildFirmware(): Promise<Firmware> {
  const code = await bundleFor("firmware/entry.ts");
  return { code, sha256: createHash("sha256").update(code).digest("hex") };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const firmware = await buildFirmware();
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  writeFileSync(join(OUTPUT_FOLDER, "terminal.js"), firmware.code);
  console.log(`.obole/firmware/terminal.js  ${firmware.code.length} bytes`);
  console.log(`SHA-256  ${firmware.sha256}`);
}
