// The 128x64 display: an SSD1306, or an SSD1309 on the larger glass, which takes the same commands.
// References are to the SSD1306 datasheet, revision 1.1.

import type { Board } from "../board.ts";
import type { Screen } from "../screen.ts";
import { BANDS, STATUS, drawBand, textOfBand } from "./drawing.ts";
import type { Band } from "./drawing.ts";
import { DISPLAY_WIDTH } from "./font.ts";

// Control bytes (section 8.1.5.2): what follows is all commands, or all pixels.
const COMMANDS = 0x00;
const PIXELS = 0x40;

/** Section 10.1, in the order of the application note (page 64); on only when the memory is clear, for at
 * power-up it holds noise. */
// prettier-ignore
const START = new Uint8Array([
  COMMANDS,
  0xae,       // Off while it is being set.
  0xd5, 0x80, // Clock as after a reset.
  0xa8, 0x3f, // All 64 rows,
  0xd3, 0x00, // not shifted,
  0x40,       // from row 0.
  0x8d, 0x14, // The charge pump feeds the glass; an SSD1309 is fed from outside and ignores this.
  0x20, 0x00, // Pixels fill a page from left to right, then the next page.
  0xa1, 0xc8, // The connector is at the top of the module: turned by half a circle.
  0xda, 0x12, // Rows alternate between both sides of the glass, as on every 128x64 module.
  0x81, 0xcf, // Bright,
  0xd9, 0xf1, // with the pre-charge,
  0xdb, 0x40, // and the level that go with the pump.
  0xa4, 0xa6, // Show the memory, lit pixels for ones.
]);
const ON = new Uint8Array([COMMANDS, 0xaf]);

/** Each sale changes the status bar to one unsent entry and back, within the same minute: so many bars are kept as drawn. */
const KEPT_BARS = 3;
/** Behind them a band is drawn. */
const BAND_PAGE = KEPT_BARS;
const BAND_PAGES_MAX = 3;

export type Display = { show(screen: Screen): void };

/** Starts the controller and clears it. show() sends the bands that changed; both throw what the bus throws when
 * the display is not there. */
export function createDisplay(board: Pick<Board, "display">): Display {
  const pixels = new Uint8Array((BAND_PAGE + BAND_PAGES_MAX) * DISPLAY_WIDTH);
  const message = new Uint8Array(1 + DISPLAY_WIDTH);
  const shown: string[] = [];
  /** What the kept bars say. */
  const bars: string[] = [];
  let oldestBar = 0;
  message[0] = PIXELS;

  /** Draws a status bar unless it is kept; returns its page. */
  function drawBar(screen: Screen, text: string): number {
    const known = bars.indexOf(text);
    if (known >= 0) return known;
    const page = oldestBar;
    oldestBar = (oldestBar + 1) % KEPT_BARS;
    drawBand(pixels, page, screen, STATUS);
    bars[page] = text;
    return page;
  }

  /** Sends what was drawn from a page of pixels on to where the band stands. */
  function send(band: Band, page: number): void {
    const last = band.page + band.pages - 1;
    board.display.write(new Uint8Array([COMMANDS, 0x22, band.page, last, 0x21, 0, 127]));
    let from = page * DISPLAY_WIDTH;
    for (let i = 0; i < band.pages; i++) {
      message.set(pixels.subarray(from, (from += DISPLAY_WIDTH)), 1);
      board.display.write(message);
    }
  }

  board.display.write(START);
  for (let i = 0; i < BANDS.length; i++) send(BANDS[i] as Band, BAND_PAGE);
  board.display.write(ON);
  return {
    show: function (screen: Screen): void {
      for (let i = 0; i < BANDS.length; i++) {
        const text = textOfBand(screen, i);
        if (shown[i] === text) continue;
        let page = BAND_PAGE;
        if (i === STATUS) page = drawBar(screen, text);
        else drawBand(pixels, page, screen, i);
        send(BANDS[i] as Band, page);
        shown[i] = text;
      }
    },
  };
}
