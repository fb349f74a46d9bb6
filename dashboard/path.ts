// Numbers in the address of a page.

import type { PageContext } from "./page.tsx";

/** -1, which no row has, for anything that is not a whole number: the page is then not found, like any other. */
export function numberIn(text: string | undefined): number {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : -1;
}

/** The transfer before which a list of movements begins; 0 is the newest. */
export function beforeIn(c: PageContext): number {
  return Math.max(0, numberIn(c.req.query("before")));
}
