// Goal: every screen of the counter is as it was when somebody looked at it: readable at arm's
// length, accents right, nothing cut. Method: all of them, in each language, pixel by pixel against
// the sheets in golden/. After a change of words or drawing, GOLDEN=write draws the sheets again:
// look at them before committing.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pictureOn, sheetOf } from "#sim/parts/contact-sheet.ts";
import { artOf } from "#sim/parts/picture.ts";
import { createEmulatedDisplay } from "#sim/parts/ssd1306.ts";
import { counterScreens, refusalScreens, troubleScreens } from "#sim/screen-gallery.ts";
import { createDisplay } from "./drivers/ssd1306.ts";
import type { Screen } from "./screen.ts";

function pictureOf(screen: Screen) {
  const display = createEmulatedDisplay();
  createDisplay({ display }).show(screen);
  return display;
}

const KINDS = { counter: counterScreens, refusals: refusalScreens, trouble: troubleScreens };
const sheets = (["fr", "nl", "de", "en"] as const).flatMap((language) =>
  Object.entries(KINDS).map(
    ([kind, screens]) => [`${language}-${kind}`, screens(language)] as const,
  ),
);

describe.each(sheets)("%s", (name, screens) => {
  const file = new URL(`golden/${name}.png`, import.meta.url);
  const pictures = screens.map(([, screen]) => pictureOf(screen));
  if (process.env["GOLDEN"] === "write") writeFileSync(file, sheetOf(pictures, 1));
  const sheet = existsSync(file) ? readFileSync(file) : sheetOf([], 1);

  test.each(screens.map(([screen], i) => [screen, i] as const))("%s", (_, i) => {
    const picture = pictures[i];
    if (!picture) throw new Error(`gallery: no picture ${i}`);
    expect(artOf(picture)).toEqual(artOf(pictureOn(sheet, i)));
  });
});
