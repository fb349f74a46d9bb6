// The script of the terminals' page: draws the display as its pixels come, plays the buzzer, and turns clicks into
// the same requests that scripts make (terminal-http.ts).

import type { DemoCard } from "../terminal-http.ts";
import type { TerminalState } from "../terminals.ts";

const WIDTH = 128;
const HEIGHT = 64;
/** The canvas is finer than the display, so that its pixels stay even at any size, with the dark grid between them. */
const DOT = 6;
const GAP = 0.4;
const GLOW = "#e8f6ff";
const GLASS = "#05080c";
const VOLUME = 0.05;

function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`page: no ${kind.name} ${id}`);
  return element;
}

const select = find("terminals", HTMLSelectElement);
const network = find("network", HTMLInputElement);
const power = find("power", HTMLInputElement);
const sound = find("sound", HTMLInputElement);
const search = find("search", HTMLInputElement);
const list = find("cards", HTMLElement);
const reader = find("reader", HTMLElement);

let stream: EventSource | undefined;
let cards: DemoCard[] = [];

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(path)).json()) as T;
}

async function act(what: string, body: object): Promise<void> {
  await fetch(`/terminals/${select.value}/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function draw(base64: string): void {
  const pixels = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const canvas = find("display", HTMLCanvasElement).getContext("2d");
  if (!canvas) throw new Error("page: no canvas to draw on");
  canvas.fillStyle = GLASS;
  canvas.fillRect(0, 0, WIDTH * DOT, HEIGHT * DOT);
  canvas.fillStyle = GLOW;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if (((pixels[(y >> 3) * WIDTH + x] ?? 0) >> (y & 7)) & 1)
        canvas.fillRect(x * DOT, y * DOT, DOT - GAP, DOT - GAP);
}

function show(state: TerminalState & { pixels: string }): void {
  draw(state.pixels);
  network.checked = state.network;
  power.checked = state.powered;
  const text = [state.big, ...state.lines].join(" ").trim();
  const reading = find("reading", HTMLElement);
  if (reading.textContent !== text) reading.textContent = text;
  document.querySelectorAll(".products span").forEach((label, i) => {
    label.textContent = state.products[i] ?? "";
  });
}

let audio: { context: AudioContext; oscillator: OscillatorNode; gain: GainNode } | undefined;

function play(hz: number): void {
  if (!audio || !sound.checked) return;
  if (hz) audio.oscillator.frequency.value = hz;
  audio.gain.gain.value = hz ? VOLUME : 0;
}

/** Browsers let a page sound only after a click. */
function startAudio(): void {
  if (audio) return;
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { type: "square" });
  const gain = new GainNode(context, { gain: 0 });
  oscillator.connect(gain).connect(context.destination);
  oscillator.start();
  audio = { context, oscillator, gain };
}

function follow(): void {
  stream?.close();
  stream = new EventSource(`/terminals/${select.value}/events`);
  stream.addEventListener("display", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("tone", (event) => play(Number(event.data)));
}

async function tap(button: HTMLButtonElement, card: DemoCard): Promise<void> {
  button.disabled = true;
  reader.classList.add("busy");
  reader.style.setProperty("--card", JSON.stringify(card.label));
  // On a phone the cards are below the box, and what it says must be seen.
  find("display", HTMLElement).scrollIntoView({ behavior: "smooth", block: "nearest" });
  await act("tap", { card: card.uid });
  reader.classList.remove("busy");
  button.disabled = false;
}

function listCards(): void {
  const wish = plain(search.value);
  const found = cards.filter((card) => plain(`${card.label} ${card.group ?? ""}`).includes(wish));
  list.replaceChildren(...found.map(itemOf));
}

/** Without capitals and accents, so that "helene" finds Hélène. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function itemOf(card: DemoCard): HTMLLIElement {
  const button = document.createElement("button");
  const group = document.createElement("small");
  group.textContent = card.group ?? "";
  button.type = "button";
  button.title = card.uid;
  button.append(card.label, group);
  button.addEventListener("click", () => void tap(button, card));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function start(): Promise<void> {
  const [terminals, school] = await Promise.all([
    get<TerminalState[]>("/terminals"),
    get<DemoCard[]>("/cards"),
  ]);
  select.replaceChildren(...terminals.map(({ id, label }) => new Option(label, String(id))));
  cards = school;
  const wished = new URLSearchParams(location.search).get("terminal");
  if (terminals.some(({ id }) => String(id) === wished)) select.value = wished ?? "";
  listCards();
  follow();
}

select.addEventListener("change", follow);
search.addEventListener("input", listCards);
network.addEventListener("change", () => void act("network", { up: network.checked }));
power.addEventListener("change", () => void act("power", { on: power.checked }));
document.addEventListener("click", startAudio, { once: true });
sound.checked = true;
sound.addEventListener("change", () => play(0));
document.querySelectorAll<HTMLButtonElement>("[data-key]").forEach((button) => {
  button.addEventListener("click", () => void act("key", { key: button.dataset["key"] }));
});
await start();
