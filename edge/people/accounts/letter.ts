// The letter for families without mail: one page each, with the username, the code to be typed and the same as a QR
// code. Nothing of it is kept: a letter that is printed again has a new code.

import type { PDFFont, PDFPage } from "pdf-lib";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { encode } from "uqr";
import { toDisplay } from "#edge/latin1.ts";
import type { Language } from "#edge/session.ts";
import { toLatin1 } from "#protocol/bytes.ts";
import { LETTER_TEXTS } from "./letter-texts.ts";

/** ISO 216 A4 in points of 1/72 inch. */
const A4: [number, number] = [595.28, 841.89];
const MARGIN = 72;
const LINE = 17;
const QR_POINTS = 150;
const TEXT_CHARACTERS_MAX = 2000;

export type Letter = {
  name: string;
  username: string;
  language: Language;
  code: string;
  /** The children it is about: first names. */
  children: string[];
};

/** origin: where the pages are. Returns the PDF. */
export async function printLetters(
  school: string,
  origin: string,
  letters: Letter[],
): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const fonts = {
    plain: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
    code: await document.embedFont(StandardFonts.CourierBold),
  };
  for (const letter of letters) printOne(document.addPage(A4), fonts, school, origin, letter);
  return document.save();
}

type Fonts = { plain: PDFFont; bold: PDFFont; code: PDFFont };

function printOne(page: PDFPage, fonts: Fonts, school: string, origin: string, letter: Letter) {
  const t = LETTER_TEXTS[letter.language];
  let y = A4[1] - MARGIN;
  const write = (text: string, font = fonts.plain, size = 11): void => {
    for (const line of wrap(printable(text), font, size)) {
      page.drawText(line, { x: MARGIN, y, size, font });
      y -= size > 11 ? size + 8 : LINE;
    }
  };
  write(school, fonts.bold, 14);
  y -= LINE;
  write(letter.name, fonts.bold);
  if (letter.children.length) write(t.about(letter.children.join(", ")));
  y -= LINE;
  write(t.title, fonts.bold, 14);
  write(t.why);
  y -= LINE / 2;
  write(t.scan);
  drawQr(page, `${origin}/connect/${letter.code}`, y);
  y -= QR_POINTS + LINE;
  write(t.type(`${origin}/first`));
  write(letter.code, fonts.code, 18);
  write(t.username(letter.username), fonts.bold);
  y -= LINE / 2;
  for (const line of t.after) write(line);
}

function drawQr(page: PDFPage, text: string, top: number): void {
  const { data } = encode(text, { ecc: "M", border: 2 });
  const module = QR_POINTS / data.length;
  data.forEach((row, j) =>
    row.forEach((dark, i) => {
      const [x, y] = [MARGIN + i * module, top - (j + 1) * module];
      // A hair larger than a module: printers leave white lines between squares that only touch.
      if (dark) page.drawRectangle({ x, y, width: module + 0.1, height: module + 0.1 });
    }),
  );
}

function wrap(text: string, font: PDFFont, size: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    const fits = font.widthOfTextAtSize(longer, size) <= A4[0] - 2 * MARGIN;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The fonts that every reader has know Latin-1. */
function printable(text: string): string {
  return toLatin1(toDisplay(text, TEXT_CHARACTERS_MAX));
}
