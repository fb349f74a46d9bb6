// One counter of the soak: a whole terminal (counter-box.ts) at which cards are laid at random, while its power, its
// network, its reader and the hands of its people fail at random. It writes down what a bystander sees and hears: the
// card, the amount on the display, the sound. At the end the ledger must say the same.

import { TUNES } from "#firmware/drivers/buzzer.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { CounterBox } from "./counter-box.ts";
import type { EmulatedCard } from "./parts/card.ts";
import { phone, plainCard } from "./parts/card.ts";
import type { CutMode } from "./parts/nor.ts";
import { CUT_MODES } from "./parts/power-cuts.ts";
import type { Random } from "./school.ts";
import { pick } from "./school.ts";
import type { Air } from "./soak-air.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";
import type { Witnessed } from "./witnesses.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
const VOID = PRODUCT_KEYS + CONTROL_KEYS.indexOf("void");
const CANCEL = PRODUCT_KEYS + CONTROL_KEYS.indexOf("cancel");
const SHIFT = PRODUCT_KEYS + CONTROL_KEYS.indexOf("shift");
const SLICE_MS = 100;
const HOLD_MS = 400;
const PATIENCE_MS = 2500;
const AWAY_MS = 600;
const ASKING_MS = 2000;
const ACCEPTED_HZ = TUNES.accepted[0]?.hz;
const REFUSALS_HZ = [TUNES.refused[0]?.hz, TUNES.retry[0]?.hz];
const VOIDED = "Annulé";
/** So often the gateway is in time to answer a question about a lease. */
const ANSWERED = 0.4;
const ASKING = "Un instant";
const THANKS = "Merci !";
const CLOSED = "Fermé";

export type Counter = { box: CounterBox; air: Air; witnessed: Witnessed[]; lastUid: string };
/** cards: of the school, in hex. ask brings what this terminal has said to the gateway, and the answer back. */
export type Crowd = {
  random: Random;
  counts: Counts;
  cards: string[];
  cardOf(uid: Bytes): EmulatedCard;
  ask(): Promise<void>;
};

/** Lets time pass at a counter in small steps, as its broker sees it. Whoever finds the box dead switches it on. */
export function pass(counter: Counter, ms: number): void {
  for (let passed = 0; passed < ms; passed += SLICE_MS) {
    counter.box.wait(SLICE_MS);
    counter.air.poll();
  }
}

export async function tapOnce(counter: Counter, crowd: Crowd): Promise<void> {
  const { random, counts } = crowd;
  disturb(counter, crowd);
  if (counter.box.isOn()) counter.box.press(CANCEL);
  // Staff find the shift closed by the gateway, and open it again.
  if (counter.box.isOn() && counter.box.see().big === CLOSED) counter.box.press(SHIFT);
  if (random() < 0.5) fillBasket(counter, random);
  const uid = pick(crowd.cards, random);
  if (uid === counter.lastUid) return;
  counter.lastUid = uid;
  const { box } = counter;
  box.hear();
  const card = crowd.cardOf(fromHex(uid));
  const other = random() < 0.01 && count(counts, "two cards at once", true);
  const extra = other ? crowd.cardOf(fromHex(pick(crowd.cards, random))) : undefined;
  const isHasty = random() < 0.05 && count(counts, "card pulled early", true);
  box.nfc().place(card);
  if (extra) box.nfc().place(extra);
  pass(counter, isHasty ? 100 + Math.floor(random() * 2) * SLICE_MS : HOLD_MS);
  if (isHasty) lift(counter, card, extra);
  let heard = await listen(counter, crowd);
  if (heard === "accepted") note(counter, crowd, uid, heard);
  if (!isHasty) lift(counter, card, extra);
  pass(counter, AWAY_MS);
  if (heard !== "accepted") {
    // A reader that was slow to come back may have seen the card at the last moment, and the gateway may have been
    // asked about it since; "try again" may have been tried again by the reader itself.
    if (heard === "silence") pass(counter, ASKING_MS);
    const late = soundOf(box);
    if (late !== "silence") heard = late;
    note(counter, crowd, uid, heard);
  }
  revive(counter, counts);
  if (heard === "accepted" && random() < 0.03) undo(counter, crowd, uid);
}

type Heard = "accepted" | "refused" | "silence";

/** Waits for the sound that answers the card; while there is none, the gateway may be asked. */
async function listen(counter: Counter, crowd: Crowd): Promise<Heard> {
  const { box } = counter;
  for (let waited = 0; waited <= PATIENCE_MS && box.isOn(); waited += SLICE_MS) {
    const heard = soundOf(box);
    // "Try again" while the gateway is being asked is not the answer; an unplugged display cannot tell.
    const isFinal = !box.broken.display && box.see().big !== ASKING;
    if (heard === "accepted" || (heard === "refused" && isFinal)) return heard;
    if (waited === SLICE_MS * 2 && crowd.random() < ANSWERED) await crowd.ask();
    pass(counter, SLICE_MS);
  }
  return soundOf(box);
}

function soundOf(box: CounterBox): Heard {
  const tones = box.hear();
  if (ACCEPTED_HZ !== undefined && tones.includes(ACCEPTED_HZ)) return "accepted";
  return tones.some((hz) => REFUSALS_HZ.includes(hz)) ? "refused" : "silence";
}

function note(counter: Counter, { counts }: Crowd, uid: string, heard: Heard): void {
  const { box } = counter;
  // An unplugged display shows for ever what it showed last.
  const seen = box.isOn() && !box.broken.display ? box.see() : undefined;
  const isThanks = seen?.big === THANKS;
  count(counts, `tap: ${heard}`, true);
  if (heard === "accepted") {
    if (seen && !isThanks) count(counts, "sound without its screen", true);
    const cents = isThanks ? centsOf(seen.lines[1]) : undefined;
    counter.witnessed.push({ kind: "purchase", uid, certain: true, cents });
  } else if (!box.isOn())
    counter.witnessed.push({ kind: "purchase", uid, certain: false, cents: undefined });
  else if (heard === "refused" && isThanks) throw new Error(`soak: ${THANKS} without its sound`);
}

/** "1,00 €" in cents. */
function centsOf(text = ""): number {
  return Math.round(Number(text.replace(/[^0-9,]/g, "").replace(",", ".")) * 100);
}

function lift({ box }: Counter, ...cards: (EmulatedCard | undefined)[]): void {
  for (const card of cards) if (card) box.nfc().take(card);
}

function fillBasket({ box }: Counter, random: Random): void {
  if (!box.isOn()) return;
  const chosen = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    Math.floor(random() * PRODUCT_KEYS),
  );
  box.press(...chosen, OK);
}

function undo(counter: Counter, { counts }: Crowd, uid: string): void {
  const { box } = counter;
  if (!box.isOn()) return;
  box.press(VOID, OK);
  if (!box.isOn()) counter.witnessed.push({ kind: "void", uid, certain: false, cents: undefined });
  else if (box.see().big === VOIDED) {
    counter.witnessed.push({ kind: "void", uid, certain: true, cents: undefined });
    count(counts, "sale undone", true);
  }
  pass(counter, AWAY_MS);
}

export function revive({ box }: Counter, counts: Counts): void {
  if (box.isOn()) {
    // The cut was armed, but nothing was written: it must not hit what comes later unseen.
    box.supply.restore();
    return;
  }
  box.power(true);
  count(counts, "start", true);
}

/** Something goes wrong before a tap, now and then. */
function disturb(counter: Counter, crowd: Crowd): void {
  const { random, counts } = crowd;
  const { box, air } = counter;
  const fate = random() * 1000;
  const faults = box.nfc().faults;
  if (fate < 20) {
    const mode: CutMode = pick(CUT_MODES, random);
    box.supply.cutAfter(Math.floor(random() * 5), count(counts, `power cut ${mode}`, mode));
  } else if (fate < 25) box.power(count(counts, "power off and on", true));
  else if (fate < 35) air.reach(count(counts, "network gone", false));
  else if (fate < 75) air.reach(count(counts, "network there", true));
  else if (fate < 80) faults.dropAck += count(counts, "reader: acknowledgement dropped", 1);
  else if (fate < 85) faults.corrupt += count(counts, "reader: frame corrupted", 1);
  else if (fate < 90) faults.noise += count(counts, "reader: noise before a frame", 1);
  else if (fate < 93) faults.zombie = count(counts, "reader: dead until reset", true);
  else if (fate < 95) box.broken.display = count(counts, "display unplugged", true);
  else if (fate < 105) tapOf(counter, count(counts, "phone laid", phone(fromHex("08a1b2c3"))));
  else if (fate < 110) tapOf(counter, count(counts, "stranger's card", plainCard(STRANGER)));
  else if (fate < 115) tapOf(counter, count(counts, "copied UID", copyOf(crowd)));
  else if (box.broken.display && fate < 300) box.broken.display = false;
}

/** A plain card with the UID of one that can prove itself. */
function copyOf({ cards, cardOf, random }: Crowd): EmulatedCard {
  const proving = cards.map((uid) => cardOf(fromHex(uid))).filter((card) => card.exchange);
  return plainCard(pick(proving, random).uid);
}

const STRANGER = fromHex("04d1e2f3a4b580");

function tapOf(counter: Counter, card: EmulatedCard): void {
  counter.box.hear();
  counter.box.nfc().place(card);
  pass(counter, HOLD_MS);
  counter.box.nfc().take(card);
  pass(counter, AWAY_MS);
  if (counter.box.hear().includes(ACCEPTED_HZ ?? 0))
    throw new Error("soak: a card of nobody was accepted");
}
