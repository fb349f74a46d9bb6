// What the display shows, as screens.ts says it and drivers/ssd1306.ts draws it on 128x64 pixels: a
// status bar of 8 pixels (6x8 font: network sign, unsent entries, their age, the clock), one big
// line of 24 pixels (12x24 font, at most 10 characters) and two lines of 16 (8x16 font, at most 16
// characters).

/** Where the network, the backlog and the clock are always to be seen; drawn as signs and figures,
 * without words. oldestMinutes is the age of the oldest unsent entry; clock is "12:05", or "--:--"
 * when nobody vouches for it. */
export type Status = { online: boolean; unsent: number; oldestMinutes: number; clock: string };

/** Text is Latin-1, with the euro sign at 0x80 as in the fonts. */
export type Screen = { status: Status; big: string; lines: string[] };

export const BIG_CHARS = 10;
export const LINE_CHARS = 16;

/** What the buzzer can say; drivers/buzzer.ts plays it. */
export type Tune = "accepted" | "refused" | "retry" | "key";
