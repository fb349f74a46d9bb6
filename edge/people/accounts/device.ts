// Browsers in which somebody has logged in before. Each gets a cookie for that person, signed, so that its attempts are
// counted apart from those of strangers (../attempts.ts).

import { randomUUID } from "node:crypto";
import { parseSigned } from "hono/utils/cookie";
import { cookieName } from "#edge/session.ts";
import type { House } from "./house.ts";
import { signCookie } from "./house.ts";
import type { Browser } from "./knock.ts";

const DEVICE_SECONDS = 365 * 24 * 3600;

/** The name under which this browser is known as this person's; "" for a stranger. */
export async function deviceOf(house: House, browser: Browser, person: number): Promise<string> {
  const name = cookieName(house.site.origin) + suffixOf(person);
  const cookies = await parseSigned(browser.cookie, house.site.secret, name);
  const value = cookies[name];
  return typeof value === "string" && value.startsWith(`${person}.`) ? value : "";
}

/** The cookie that makes it known. Its value says whose, too: it must not be moved under another one's name. */
export function greetDevice(house: House, person: number): Promise<string> {
  return signCookie(house, suffixOf(person), `${person}.${randomUUID()}`, DEVICE_SECONDS);
}

function suffixOf(person: number): string {
  return `.device-${person}`;
}
