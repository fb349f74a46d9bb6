// Goal: what the READMEs say is still there and still so. Method: every page of Markdown is read as text; its links and
// the files it names must exist, and the names that the code gives to refusals, faults and outcomes must stand in the
// README of their folder, with the words that the display really shows.

import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FAULTS } from "#firmware/reasons.ts";
import { wordsOf } from "#firmware/texts/languages.ts";
import type { Message } from "#firmware/texts/words.ts";

const fr = wordsOf("fr");

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = find("**/*.md");
const SOURCES = find("{protocol,firmware,edge,dashboard}/**/*.{ts,tsx}").filter(
  (path) => !path.includes(".test."),
);

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT, exclude: isNotOurs }).toSorted();
}

function isNotOurs(path: string): boolean {
  return /^(node_modules|\.obole|\.wrangler|\.git)$/.test(path);
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** What stands outside of blocks of code: there, brackets and back-ticks are only characters. */
function proseOf(page: string): string {
  return read(page).replace(/^```[^]*?^```/gm, "");
}

/** As GitHub makes them: lower case, words joined by hyphens. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replace(/ /g, "-"),
  );
}

function brokenLinks(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path ? relative(ROOT, join(ROOT, dirname(page), path)) : page;
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
}

/** Files named in back-ticks by as much of their path as is clear where they stand; `*` stands for some of them. */
function lostFiles(page: string): string[] {
  const named = [...proseOf(page).matchAll(/`([\w./*-]+\.(?:ts|tsx|js|mjs|css|toml))`/g)];
  return named
    .map(([, path = ""]) => path)
    .filter((path) => !path.startsWith(".obole"))
    .filter((path) => !find(`**/${path}`).length);
}

describe.each(PAGES)("%s", (page) => {
  test("every link leads somewhere", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test("every file it names is there", () => {
    expect(lostFiles(page)).toEqual([]);
  });
});

test("the pages of all folders are looked at", () => {
  const folders = ["", "protocol/", "firmware/", "edge/", "dashboard/", "sim/"];
  expect(PAGES).toEqual(expect.arrayContaining(folders.map((folder) => `${folder}README.md`)));
});

type Name = { path: string; type: string; name: string };

/** The members of every type whose name says that it is one of the closed lists. */
function closedLists(): Name[] {
  const lists = /type (\w*(?:Refusal|Fault|Outcome|Booking|Alarm|Shortage|Grant)) =([^;]*);/g;
  return SOURCES.flatMap((path) =>
    [...read(path).matchAll(lists)].flatMap(([, type = "", body = ""]) =>
      [...body.matchAll(/"([a-z0-9-]+)"/g)].map(([, name = ""]) => ({ path, type, name })),
    ),
  );
}

/** Tokens and seals are refused by the edge, which says what happens then. */
function readmeFor(path: string): string {
  return path.startsWith("firmware/") ? "firmware/README.md" : "edge/README.md";
}

describe("names", () => {
  const lists = closedLists();

  test("all closed lists are found", () => {
    const types = new Set(lists.map(({ path, type }) => `${path} ${type}`));
    expect([...types]).toEqual(
      expect.arrayContaining([
        "edge/admission.ts Refusal",
        "edge/border.ts MessageFault",
        "edge/ledger/commands/command.ts CommandRefusal",
        "edge/plan.ts Outcome",
        "edge/postings.ts Booking",
        "firmware/nonces.ts NonceFault",
        "firmware/opening.ts OpeningFault",
        "firmware/reasons.ts Refusal",
        "protocol/entry.ts TokenFault",
        "protocol/seal.ts SealFault",
      ]),
    );
  });

  test("every refusal, fault and outcome of the code is explained", () => {
    const silent = lists.filter(({ path, name }) => !read(readmeFor(path)).includes(`\`${name}\``));
    expect(silent).toEqual([]);
  });

  test.each(["firmware/README.md", "edge/README.md"])(
    "%s explains no name that is gone",
    (page) => {
      const code = SOURCES.map(read).join("\n");
      const rows = [...proseOf(page).matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = ""]) => cell);
      const names = rows.flatMap((cell) => [...cell.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)]);
      expect(names.length).toBeGreaterThan(15);
      expect(names.map(([, name]) => name).filter((name) => !code.includes(`"${name}"`))).toEqual(
        [],
      );
    },
  );
});

function shown({ big, lines }: Message): string {
  return `${big} · ${lines.join(" ").trim()}`;
}

describe("the words of the display in firmware/README.md", () => {
  const rows = proseOf("firmware/README.md").split("\n");
  const rowOf = (name: string): string[] => rows.filter((row) => row.startsWith(`| \`${name}\` |`));

  test.each(Object.entries(fr.refusals()))("%s", (reason, message) => {
    expect(rowOf(reason)).toEqual([expect.stringContaining(`| ${shown(message)} |`)]);
  });

  test.each(FAULTS.map((fault) => [fault, fr.faults()[fault]] as const))("%s", (fault, message) => {
    expect(rowOf(fault)).toEqual([expect.stringContaining(`| ${shown(message)} |`)]);
  });

  test.each(Object.entries(fr.shortages()))("before anybody taps: %s", (_, message) => {
    expect(proseOf("firmware/README.md").replace(/\s+/g, " ")).toContain(`(${shown(message)})`);
  });
});

test("every page of the dashboard is in its table", () => {
  const routes = [...read("dashboard/routes.ts").matchAll(/pages\.(?:get|post)\("([^"]+)"/g)];
  expect(routes.length).toBeGreaterThan(10);
  const table = read("dashboard/README.md");
  expect(routes.map(([, path]) => path).filter((path) => !table.includes(`\`${path}\``))).toEqual(
    [],
  );
});

test("every npm script that a page tells to run exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: { [name: string]: string } };
  const told = PAGES.flatMap((page) => [...read(page).matchAll(/npm run ([\w:]+)/g)]);
  expect(told.length).toBeGreaterThan(5);
  for (const [, name = ""] of told) {
    const file = /node ([\w/.-]+\.ts)$/.exec(scripts[name] ?? "")?.[1];
    expect([name, scripts[name]]).toEqual([name, expect.any(String)]);
    if (file) expect([name, existsSync(join(ROOT, file))]).toEqual([name, true]);
  }
});
