// Turns the BDF files of the Spleen font into the three data files the display driver draws with:
//   node firmware/drivers/make-font.ts FOLDER   (spleen-5x8.bdf, spleen-8x16.bdf, spleen-12x24.bdf, version 2.2.0,
//   from github.com/fcambus/spleen), then oxfmt. Needed only when the font changes.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EURO = 0x20ac;
const EURO_CODE = 0x80;
const BLOCK_GLYPHS = 8;

type Wanted = {
  name: string;
  bdf: string;
  width: number;
  height: number;
  last: number;
  bold: boolean;
  kept: number;
};

/** The status bar shows figures and signs only, and Spleen 5x8 has no accents: ASCII there. The big font is read from
 * an arm's length away, where its strokes of one pixel are too thin: each pixel also lights its right neighbour.
 * kept: glyphs in memory at once. What a counter shows all day are some 35 of line and 15 of big. */
const FONTS: Wanted[] = [
  { name: "small", bdf: "spleen-5x8.bdf", width: 6, height: 8, last: 0x7e, bold: false, kept: 12 },
  { name: "line", bdf: "spleen-8x16.bdf", width: 8, height: 16, last: 0xff, bold: false, kept: 40 },
  { name: "big", bdf: "spleen-12x24.bdf", width: 12, height: 24, last: 0xff, bold: true, kept: 16 },
];

/** The rows of each character as numbers, the leftmost pixel in the highest bit of `bits`. */
function readBdf(text: string): Map<number, { rows: number[]; bits: number }> {
  const glyphs = new Map<number, { rows: number[]; bits: number }>();
  for (const part of text.split("STARTCHAR ").slice(1)) {
    const code = Number(/^ENCODING (\d+)$/m.exec(part)?.[1]);
    const hex = (part.split("BITMAP\n")[1] ?? "").split("\nENDCHAR")[0] ?? "";
    const rows = hex.split("\n");
    glyphs.set(code === EURO ? EURO_CODE : code, {
      rows: rows.map((row) => parseInt(row, 16)),
      bits: (rows[0] ?? "").length * 4,
    });
  }
  return glyphs;
}

/** Eight characters as the controller wants them: per character, per page of 8 rows, one byte a column. */
function packBlock(glyphs: ReturnType<typeof readBdf>, font: Wanted, first: number): number[] {
  const pages = font.height / 8;
  const bytes = new Uint8Array(BLOCK_GLYPHS * font.width * pages);
  for (let i = 0; i < BLOCK_GLYPHS; i++) {
    const glyph = first + i > font.last ? undefined : glyphs.get(first + i);
    if (!glyph) continue;
    glyph.rows.forEach((thin, y) => {
      const row = font.bold ? thin | (thin >> 1) : thin;
      for (let x = 0; x < font.width; x++)
        if ((row >> (glyph.bits - 1 - x)) & 1) {
          const at = (i * pages + (y >> 3)) * font.width + x;
          bytes[at] = (bytes[at] ?? 0) | (1 << (y & 7));
        }
    });
  }
  const words = Array.from(new Uint32Array(bytes.buffer));
  while (words.length && words[words.length - 1] === 0) words.pop();
  return words;
}

function fileOf(font: Wanted, folder: string): string {
  const glyphs = readBdf(readFileSync(join(folder, font.bdf), "utf8"));
  const blocks: string[] = [];
  for (let first = 0; first <= font.last; first += BLOCK_GLYPHS) {
    const words = packBlock(glyphs, font, first);
    const index = first / BLOCK_GLYPHS;
    if (words.length) blocks.push(`case ${index}:\n        return [${words.join(", ")}];`);
  }
  return `// ${font.bdf} of Spleen 2.2.0 (BSD-2-Clause, see NOTICE) for font.ts, written by make-font.ts: do not edit.
// The numbers of a block stay in flash; what was drawn lately is kept.

import type { Font } from "./font.ts";
import { keptGlyphs } from "./font.ts";

export const ${font.name}Font: Font = {
  width: ${font.width},
  pages: ${font.height / 8},
  block: (index) => {
    switch (index) {
      ${blocks.join("\n      ")}
      default:
        return undefined;
    }
  },
  kept: keptGlyphs(${font.kept}, ${(font.width * font.height) / 8}),
  newest: 0,
};
`;
}

const folder = process.argv[2];
if (!folder) throw new Error("make-font: name the folder of the BDF files");
for (const font of FONTS)
  writeFileSync(new URL(`font-${font.name}.ts`, import.meta.url), fileOf(font, folder));
