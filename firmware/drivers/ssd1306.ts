// The 128x64 display: an SSD1306, or an SSD1309 on the larger glass, which takes the same commands.
// References are to the SSD1306 datasheet, revision 1.1.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { Screen } from "../screen.ts";
import { BANDS, DISPLAY_BYTES, DISPLAY_PAGES, STATUS, drawBand, textOfBand } from "./drawing.ts";
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
type Bar = { text: string; pixels: Bytes };

export type Display = { show(screen: Screen): void };

/** Starts the controller and clears it. show() sends the bands that changed; both throw what the bus throws when
 * the display is not there. */
export function createDisplay(board: Pick<Board, "display">): Display {
  const pixels = new Uint8Array(DISPLAY_BYTES);
  const message = new Uint8Array(1 + DISPLAY_WIDTH);
  const shown: string[] = [];
  const bars: Bar[] = [];
  message[0] = PIXELS;

  function drawStatus(screen: Screen, text: string): void {
    for (let i = 0; i < bars.length; i++) {
      const bar = bars[i] as Bar;
      if (bar.text === text) return pixels.set(bar.pixels, 0);
    }
    drawBand(pixels, screen, STATUS);
    if (bars.length >= KEPT_BARS) bars.shift();
    bars.push({ text: text, pixels: copyBytes(pixels, 0, DISPLAY_WIDTH) });
  }

  function send(band: Band): void {
    const last = band.page + band.pages - 1;
    board.display.write(new Uint8Array([COMMANDS, 0x22, band.page, last, 0x21, 0, 127]));
    for (let page = band.page; page <= last; page++) {
      const from = page * DISPLAY_WIDTH;
      message.set(pixels.subarray(from, from + DISPLAY_WIDTH), 1);
      board.display.write(message);
    }
  }

  board.display.write(START);
  send({ page: 0, pages: DISPLAY_PAGES });
  board.display.write(ON);
  return {
    show: function (screen: Screen): void {
      for (let i = 0; i < BANDS.length; i++) {
        const text = textOfBand(screen, i);
        if (shown[i] === text) continue;
        if (i === STATUS) drawStatus(screen, text);
        else drawBand(pixels, screen, i);
        send(BANDS[i] as Band);
        shown[i] = text;
      }
    },
  };
}
