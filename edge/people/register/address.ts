// A mail address that one may write to.

/** RFC 5321 section 4.5.3.1.3, less the angle brackets. */
const LENGTH_MAX = 254;
/** One plain address: nothing in it that could begin a second one, or another line of a mail's head. */
const ADDRESS = /^[^\s@<>,;:"()\\[\]]+@[^\s@<>,;:"()\\[\]]+\.[^\s@<>,;:"()\\[\]]+$/;

export function isAddress(text: string): boolean {
  return text.length <= LENGTH_MAX && ADDRESS.test(text);
}
