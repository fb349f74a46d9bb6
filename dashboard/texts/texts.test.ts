// Goal: every word shown to people is in these files, in four languages, and no word is kept that nobody reads. The
// compiler sees to missing keys; this looks for copies of the French, unused keys, and words written inside pages.
// Method: the files themselves, read as text.

import { expect, test } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { nl } from "./nl.ts";

const SOURCES = import.meta.glob<string>(
  ["../**/*.tsx", "../**/*.ts", "!../texts/**", "!../**/*.test.ts"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
const PAGES = Object.entries(SOURCES).filter(([path]) => path.endsWith(".tsx"));

const FIGURES = [7, 8];

/** "bursar.title", its text, and how many figures it takes. */
function leavesOf(texts: object, path = ""): [string, string, number][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    const name = path ? `${path}.${key}` : key;
    if (typeof value === "object" && value) return leavesOf(value, name);
    const said: unknown = typeof value === "function" ? value(...FIGURES) : value;
    const figures = typeof value === "function" ? value.length : 0;
    return [[name, String(said), figures] as [string, string, number]];
  });
}

const french = new Map(leavesOf(fr).map(([path, text]) => [path, text]));

/** A single word may well be the same in two languages. */
function isSentence(text: string): boolean {
  return text.split(/\P{L}+/u).filter(Boolean).length > 1;
}

test.each([
  ["nl", nl],
  ["de", de],
  ["en", en],
] as const)("%s says everything, and not in French", (_, texts) => {
  const leaves = leavesOf(texts);
  expect(leaves.map(([path]) => path)).toEqual([...french.keys()]);
  expect(leaves.filter(([, text]) => !text.trim())).toEqual([]);
  const copied = leaves.filter(
    ([path, text]) => isSentence(text) && text === french.get(path) && !path.startsWith("language"),
  );
  expect(copied).toEqual([]);
});

test.each([fr, nl, de, en])("every figure that is given to a sentence stands in it", (texts) => {
  for (const [path, text, figures] of leavesOf(texts))
    for (const figure of FIGURES.slice(0, figures))
      expect([path, text]).toEqual([path, expect.stringContaining(String(figure))]);
});

test("no text is kept that no page shows", () => {
  const code = Object.values(SOURCES).join("\n");
  // A group like t.account[kind] is shown by a name that is known only when the page is made.
  const isShown = (path: string) => {
    const parts = path.split(".");
    return parts.some((_, index) => {
      const part = parts.slice(0, index + 1).join(".");
      const whole = index === parts.length - 1;
      return code.includes("t." + part + "[") || (whole && new RegExp(`t\\.${part}\\b`).test(code));
    });
  };
  const groups = [
    "terminals.reasons",
    "movement.outcomes",
    ...["actions", "areas", "fields", "subjects", "values"].map((part) => `audit.${part}`),
    "erase.problems",
    "staff.problems",
    "pupil.refused",
    "cards.problems",
    "cards.badges.problems",
    "cards.reasons",
    "allergens",
    "guardians.refused",
    "absence.refused",
    "importing.formats",
    "importing.sample",
  ];
  for (const group of groups) expect(code).toContain("t." + group);
  const unused = [...french.keys()].filter(
    (path) => !isShown(path) && !groups.some((group) => path.startsWith(group + ".")),
  );
  expect(unused).toEqual([]);
});

/** Words between tags, in a brace of their own, or in an attribute that people hear or see. */
function wordsInside(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [
    ...code.matchAll(/[^=]>\s*([^<>{}();=]*\p{L}[^<>{}();=]*?)\s*<[/A-Za-z]/gu),
    ...code.matchAll(/(?<![=\w(])\{\s*["'`]([^"'`$]*\p{L}[^"'`$]*)["'`]\s*\}/gu),
    ...code.matchAll(/\s(?:title|alt|placeholder|aria-label)="([^"]*\p{L}[^"]*)"/gu),
  ].map((match) => match[1] ?? "");
}

test("no word is written inside a page", () => {
  expect(PAGES.length).toBeGreaterThan(8);
  expect(
    PAGES.flatMap(([path, source]) => wordsInside(source).map((word) => [path, word])),
  ).toEqual([]);
});

test.each([
  ["<p>Bonjour</p>", "Bonjour"],
  ["<p>\n  Bonjour {name}</p><b>", undefined],
  ['<p>{"Bonjour"}</p>', "Bonjour"],
  ['<input placeholder="Nom" />', "Nom"],
  ["<p>{t.a.b}</p>", undefined],
])("the search for words finds in %j: %j", (source, word) => {
  expect(wordsInside(source)[0]).toBe(word);
});
