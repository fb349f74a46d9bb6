// Lays a Screen out on the display: status bar on page 0, the big line on pages 1 to 3, two lines below.
// Each of the four is a band that is drawn and sent only when its text has changed, because on the ESP32
// comparing pixels would cost more than drawing them.

import type { Bytes } from "#protocol/bytes.ts";
import type { Screen, Status } from "../screen.ts";
import { bigFont } from "./font-big.ts";
import { lineFont } from "./font-line.ts";
import { smallFont } from "./font-small.ts";
import { centred, DISPLAY_WIDTH, drawText } from "./font.ts";

const DISPLAY_PAGES = 8;
export const DISPLAY_BYTES = DISPLAY_WIDTH * DISPLAY_PAGES;

export type Band = { page: number; pages: number };
export const STATUS = 0;
const BIG = 1;
export const BANDS: Band[] = [
  { page: 0, pages: 1 },
  { page: 1, pages: 3 },
  { page: 4, pages: 2 },
  { page: 6, pages: 2 },
];

// Signs of the status bar, 8 columns each, lowest bit on top.
const ONLINE = new Uint8Array([0x40, 0x00, 0x70, 0x00, 0x7c, 0x00, 0x7f, 0x00]);
const OFFLINE = new Uint8Array([0x00, 0x22, 0x14, 0x08, 0x14, 0x22, 0x00, 0x00]);
const UNSENT = new Uint8Array([0x04, 0x06, 0x7f, 0x7f, 0x06, 0x04, 0x00, 0x00]);
const SIGN_WIDTH = 8;
const UNSENT_COLUMN = 14;
const HOUR_MINUTES = 60;
const AGE_HOURS_MAX = 99;

/** The whole screen as the controller's 1,024 bytes. */
export function drawScreen(screen: Screen): Bytes {
  const pixels = new Uint8Array(DISPLAY_BYTES);
  for (let i = 0; i < BANDS.length; i++) drawBand(pixels, (BANDS[i] as Band).page, screen, i);
  return pixels;
}

/** What a band shows, as one string: the same string is the same pixels. */
export function textOfBand(screen: Screen, band: number): string {
  if (band === STATUS) return (screen.status.online ? "+" : "-") + statusText(screen.status);
  return band === BIG ? screen.big : screen.lines[band - BIG - 1] || "";
}

/** Draws one band from a page of pixels on, over what stood there. A big line too long for the big font is drawn in the
 * smaller one. */
export function drawBand(pixels: Bytes, page: number, screen: Screen, band: number): void {
  const start = page * DISPLAY_WIDTH;
  pixels.fill(0, start, start + (BANDS[band] as Band).pages * DISPLAY_WIDTH);
  if (band === STATUS) return drawStatus(pixels, page, screen.status);
  const text = textOfBand(screen, band);
  const fits = band === BIG && text.length * bigFont.width <= DISPLAY_WIDTH;
  const font = fits ? bigFont : lineFont;
  drawText(pixels, font, text, centred(font, text), page);
}

function drawStatus(pixels: Bytes, page: number, status: Status): void {
  const start = page * DISPLAY_WIDTH;
  pixels.set(status.online ? ONLINE : OFFLINE, start);
  if (status.unsent) {
    pixels.set(UNSENT, start + UNSENT_COLUMN);
    drawText(pixels, smallFont, backlogText(status), UNSENT_COLUMN + SIGN_WIDTH, page);
  }
  const column = DISPLAY_WIDTH - status.clock.length * smallFont.width;
  drawText(pixels, smallFont, status.clock, column, page);
}

const statusText = (status: Status): string => backlogText(status) + " " + status.clock;

/** How many entries wait and for how long: figures and the unit signs of the SI brochure, the same in every language. */
function backlogText(status: Status): string {
  if (!status.unsent) return "";
  const minutes = status.oldestMinutes;
  if (minutes < 2 * HOUR_MINUTES) return status.unsent + "  " + minutes + " min";
  const hours = Math.min(AGE_HOURS_MAX, Math.floor(minutes / HOUR_MINUTES));
  return status.unsent + "  " + hours + " h";
}
