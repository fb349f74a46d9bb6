// The name under which somebody logs in, made from the person's own: paul.lambert, and paul.lambert2 for the next one.

import { plainOf } from "./plain.ts";

const LENGTH_MAX = 40;
/** Letters that are not a letter with an accent. */
const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
};
/** For a name in another script. */
const NAMELESS = "parent";

/** Takes it: the next person of the same name gets another. */
export function takeUsername(name: string, taken: Set<string>): string {
  const plain = plainOf(name)
    .replace(/[ßæœøłđð]/g, (letter) => LETTERS[letter] ?? "")
    .replace(/[^a-z0-9]+/g, ".")
    .replace(/^\.+|\.+$/g, "")
    .slice(0, LENGTH_MAX);
  const base = plain || NAMELESS;
  let username = base;
  for (let next = 2; taken.has(username); next++) username = `${base}${next}`;
  taken.add(username);
  return username;
}
