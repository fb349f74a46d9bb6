// The page that shows the terminals as people see them: its HTML, in the reader's language, its style and its script.

import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import { fr } from "./texts/fr.ts";
import { nl } from "./texts/nl.ts";
import type { PageWords } from "./texts/words.ts";

const LANGUAGES = { fr, nl, de, en } satisfies { [language: string]: PageWords };
export type Language = keyof typeof LANGUAGES;

/** The file at a path of the page; undefined when there is none. */
export type PageFiles = (
  path: string,
  language: Language,
) => { type: string; content: string } | undefined;

/** The one asked for by name, else the browser's first that we speak, else French. */
export function languageOf(asked: string | null, accepted: string | undefined): Language {
  const wishes = [asked ?? "", ...(accepted ?? "").split(",").map((wish) => wish.trim())];
  const known = wishes.map((wish) => wish.slice(0, 2)).find((wish) => wish in LANGUAGES);
  return (known as Language | undefined) ?? "fr";
}

export async function buildPage(): Promise<PageFiles> {
  const style = read("style.css");
  const { code } = await transform(read("client.ts"), { loader: "ts", target: "es2022" });
  return (path, language) => {
    if (path === "/") return { type: "text/html; charset=utf-8", content: htmlOf(language) };
    if (path === "/style.css") return { type: "text/css; charset=utf-8", content: style };
    if (path === "/client.js") return { type: "text/javascript; charset=utf-8", content: code };
    return undefined;
  };
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function htmlOf(language: Language): string {
  const words: PageWords = LANGUAGES[language];
  const controls = Object.entries(words.keys)
    .map(([key, name]) => `<button type="button" class="${key}" data-key="${key}">${name}</button>`)
    .join("\n          ");
  const products = Array.from({ length: 8 }, (_, i) => String(i + 1))
    .map((key) => `<button type="button" data-key="${key}"><b>${key}</b><span></span></button>`)
    .join("\n          ");
  const languages = Object.keys(LANGUAGES)
    .map((name) => `<a href="/?lang=${name}" lang="${name}" hreflang="${name}">${name}</a>`)
    .join("\n      ");
  return `<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${words.title} - Obole</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/style.css">
  <script type="module" src="/client.js"></script>
</head>
<body>
  <header>
    <h1>${words.title}</h1>
    <label>${words.terminal} <select id="terminals"></select></label>
    <nav aria-label="${words.language}">
      ${languages}
    </nav>
  </header>
  <main>
    <section class="box" aria-label="${words.terminal}">
      <canvas id="display" width="768" height="384" role="img" aria-labelledby="reading"></canvas>
      <p id="reading" class="unseen" aria-live="polite"></p>
      <div class="counter">
        <div class="products" role="group" aria-label="${words.products}">
          ${products}
        </div>
        <div class="controls" role="group" aria-label="${words.controls}">
          ${controls}
        </div>
      </div>
      <div id="reader" class="reader"><span>${words.reader}</span></div>
    </section>
    <section class="desk">
      <div class="switches">
        <label><input type="checkbox" role="switch" id="network"> ${words.network}</label>
        <label><input type="checkbox" role="switch" id="power"> ${words.power}</label>
        <label><input type="checkbox" role="switch" id="sound"> ${words.sound}</label>
      </div>
      <label class="search">${words.cards} <input type="search" id="search" placeholder="${words.search}"></label>
      <ul id="cards"></ul>
    </section>
  </main>
</body>
</html>
`;
}
