// When a card counts, as a table: what each poll saw, one character a poll, and what is said at that poll.
//   polls   . nothing   a b one card   2 two cards   ? unreadable
//   notices . none      A B card counts   - gone     T two cards   U unreadable

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Notice, Presence, Sighting } from "./presence.ts";
import { EMPTY, observe } from "./presence.ts";

const STORIES: [rule: string, polls: string, notices: string][] = [
  ["a card counts when it was seen twice", "..aa", "...A"],
  ["a card that only brushes the field does not count", ".a..a...", "........"],
  ["a card that stays counts once", "aaaaaaaa", ".A......"],
  ["a card that misses a poll or two is still there", "aa.a..aa", ".A......"],
  ["it counts again after three empty polls", "aa...aa", ".A..-.A"],
  ["another card in its place: the first is gone", "aabb", ".A-B"],
  ["two cards, the second one answers later", "a2", ".T"],
  ["two cards at once", "2222", "T..."],
  ["one of two taken away: the other does not count", "22aaaa", "T....."],
  ["after two cards the field must be empty", "22...aa", "T...-.A"],
  ["a second card beside the one that has paid", "aa2", ".AT"],
  ["unreadable, said once", "???...aa", "U....-.A"],
  ["cards that take turns never count", "abababab", "........"],
];

const CARDS: { [name: string]: number } = { a: 1, b: 2 };

function sightingOf(character: string): Sighting {
  if (character === ".") return { kind: "nothing" };
  if (character === "2") return { kind: "two-cards" };
  if (character === "?") return { kind: "unreadable" };
  return { kind: "card", card: { uid: new Uint8Array([4, CARDS[character] ?? 0, 0, 0]), sak: 8 } };
}

function characterOf(notice: Notice): string {
  if (notice.kind === "card") return notice.card.uid[1] === CARDS["a"] ? "A" : "B";
  return { none: ".", gone: "-", "two-cards": "T", unreadable: "U" }[notice.kind];
}

function play(polls: string): string {
  let presence: Presence = EMPTY;
  return polls
    .split("")
    .map((poll) => {
      const observed = observe(presence, sightingOf(poll));
      presence = observed.presence;
      return characterOf(observed.notice);
    })
    .join("");
}

test.each(STORIES)("%s", (_rule, polls, notices) => expect(play(polls)).toBe(notices));

test("whatever is held to the reader, one tap is one sale", () => {
  const polls = fc
    .array(fc.constantFrom(".", "a", "b", "2", "?"), { maxLength: 60 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(polls, (seen) => {
      const notices = play(seen);
      // Between two notices that a card counts there is always one that the field was left.
      expect(notices.replace(/\./g, "")).not.toMatch(/[AB][AB]/);
      // A card counts only at a poll that saw it, right after one that saw it.
      for (let i = 0; i < seen.length; i++)
        if (/[AB]/.test(notices.charAt(i)))
          expect(seen.slice(i - 1, i + 1)).toBe(notices.charAt(i).toLowerCase().repeat(2));
    }),
    { numRuns: 500 },
  );
});
