// How long a person waits for a page, and how much a phone must load: the demonstration's own pages, as the bursar
// and a guardian see them.

import { demonstrate } from "../demonstration.ts";

const READS = 30;
const BURSAR_PAGES = ["/bursar", "/students", "/students/1", "/terminals"];
const GUARDIAN_HOME = "/children";

export type PageFigure = { path: string; firstByteMs: number; bytes: number };
export type PageFigures = { pages: PageFigure[]; guardianBytes: number };

type Read = (path: string) => Promise<Response>;

export async function measurePages(): Promise<PageFigures> {
  const demonstration = await demonstrate();
  try {
    const bursar = await demonstration.logIn("beatrice");
    const guardian = await demonstration.logIn("paul");
    const pages: PageFigure[] = [];
    for (const path of BURSAR_PAGES) pages.push(await measure(bursar, path));
    pages.push(await measure(guardian, GUARDIAN_HOME));
    return { pages, guardianBytes: await weigh(guardian, GUARDIAN_HOME) };
  } finally {
    await demonstration.discard();
  }
}

async function measure(read: Read, path: string): Promise<PageFigure> {
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < READS; i++) {
    const start = performance.now();
    const answer = await read(path);
    times.push(performance.now() - start);
    if (!answer.ok) throw new Error(`bench: ${path} answered ${answer.status}`);
    bytes = (await answer.arrayBuffer()).byteLength;
  }
  return { path, firstByteMs: times.sort((a, b) => a - b)[READS >> 1] ?? 0, bytes };
}

/** The page and everything it names, uncompressed. */
async function weigh(read: Read, path: string): Promise<number> {
  const html = await (await read(path)).text();
  const named = [...html.matchAll(/<(?:link|script|img)[^>]* (?:href|src)="(\/[^"]+)"/g)];
  let bytes = Buffer.byteLength(html);
  for (const asset of new Set(named.map((match) => match[1] ?? "")))
    bytes += (await (await read(asset)).arrayBuffer()).byteLength;
  return bytes;
}
