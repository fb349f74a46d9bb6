// Goal: the assembled terminal, from card to gateway and back, with and without a network. Method:
// the whole terminal on a table (sim/counter-box.ts), seen only through its display, its sounds and
// what arrives at the gateway, where every signature is checked by node:crypto and every entry must
// follow the one before.

import { describe, expect, test } from "vitest";
import { createCounterBox } from "#sim/counter-box.ts";
import {
  createGatewayBook,
  grant,
  introduce,
  lina,
  meetGateway,
  noah,
  summaryOf,
  till,
} from "#sim/counter-gateway.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
/** Laid again sooner, a card asks for its balance. */
const ANSWER_OVER_MS = 4000;
const VOID = PRODUCT_KEYS + CONTROL_KEYS.indexOf("void");

describe("with its gateway", () => {
  test("a new terminal waits for prices, then sells; entries arrive signed and chained", () => {
    const box = createCounterBox();
    expect(box.see()).toMatchObject({ big: "Bonjour", clock: "--:--", unsent: 1 });
    box.connect();
    introduce(box, 1000);
    expect(box.see()).toMatchObject({ big: "1,00 €", clock: "12:00", online: true });
    expect(box.see().lines).toEqual(["Potage", "Pose ta carte"]);
    const book = createGatewayBook(box);
    const lift = box.lay(lina);
    expect(box.see()).toMatchObject({ big: "Merci !", lines: ["Lina D.", "1,00 €"] });
    lift();
    expect(box.heardAccepted()).toBe(true);
    box.press(1, 0, OK);
    expect(box.see().big).toBe("4,50 €");
    box.lay(noah)();
    expect(box.see().lines).toEqual(["Noé P.", "4,50 €"]);
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100", "18 pays 450"]);
    expect(box.see().unsent).toBe(0);
    expect(book.entries[1]).toMatchObject({ clock: "trusted", roster: 1, prices: 1, lease: 1 });
    expect(book.entries[0]).toMatchObject({ clock: "suspect", boot: 1 });
  });

  test("the last sale is undone, and its cents can be spent again", () => {
    const { box, book } = meetGateway(100);
    box.tap(lina);
    box.press(VOID, OK);
    expect(box.see()).toMatchObject({ big: "Annulé" });
    box.disconnect();
    expect(box.tap(lina)).toBe("Merci !");
    box.connect();
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100", "void", "17 pays 100"]);
    expect(book.entries[2]).toMatchObject({ voids: 2, totalCents: 100, student: 17 });
  });

  test("a lease that is too small: the gateway is asked, and the sale goes on", () => {
    const { box, book } = meetGateway(30);
    const lift = box.lay(lina);
    expect(box.see().big).toBe("Un instant");
    book.settle();
    expect(book.asked).toMatchObject([{ student: 17, cents: 70 }]);
    grant(box, { student: 17, ceilingCents: 130, version: 2 });
    expect(box.see().big).toBe("Merci !");
    lift();
    book.settle();
    expect(book.entries.at(-1)).toMatchObject({ kind: "purchase", graceCents: 0, lease: 2 });
  });

  test("a gateway that does not answer counts as absent: the essential goes on grace", () => {
    const { box, book } = meetGateway(30);
    box.lay(lina);
    box.wait(1600);
    expect(box.see().big).toBe("Merci !");
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100 (70)"]);
  });

  test("a card reported lost is refused from the message on", () => {
    const { box } = meetGateway();
    expect(box.tap(lina)).toBe("Merci !");
    box.gateway.say({ kind: "blocks", version: 1, cards: [lina.card] });
    expect(box.tap(lina)).toBe("Désolé");
    expect(box.tap(noah)).toBe("Merci !");
    box.power(true);
    expect(box.tap(lina)).toBe("Désolé");
  });

  test("old messages change nothing: lower leases, older prices, an earlier time", () => {
    const { box } = meetGateway(100);
    grant(box, { student: 17, ceilingCents: 0, version: 1 });
    box.gateway.say({ kind: "prices", version: 1, till: { ...till, soup: 2 }, products: [] });
    box.gateway.say({ kind: "time", seconds: 1_000_000_000 });
    expect(box.see()).toMatchObject({ big: "1,00 €", clock: "12:00" });
    expect(box.tap(lina)).toBe("Merci !");
  });

  test("an ack for an entry never written stops it: this is not the journal known there", () => {
    const { box } = meetGateway();
    box.gateway.say({ kind: "ack", seq: 99, block: 1, head: new Uint8Array(32), nonce: 0 });
    expect(box.see()).toMatchObject({ big: "En panne", lines: ["Journal", "illisible"] });
    expect(box.tap(lina)).toBe("En panne");
  });
});

describe("without a network", () => {
  test("it sells to the lease, keeps all through a power cut, delivers each once, in order", () => {
    const { box, book } = meetGateway(300);
    box.disconnect();
    for (let i = 0; i < 3; i++) {
      expect(box.tap(lina)).toBe("Merci !");
      box.wait(ANSWER_OVER_MS);
    }
    expect(box.see()).toMatchObject({ online: false, unsent: 3 });
    box.power(false);
    box.power(true);
    expect(box.see()).toMatchObject({ unsent: 4, clock: "--:--" });
    expect(box.tap(noah)).toBe("Merci !");
    box.connect();
    book.settle();
    expect(summaryOf(book)).toEqual([
      "open",
      "17 pays 100",
      "17 pays 100",
      "17 pays 100",
      "open",
      "18 pays 100",
    ]);
    expect(book.entries.map(({ time }) => time)).toEqual(
      book.entries.map(({ time }) => time).toSorted((a, b) => a - b),
    );
    expect(box.see().unsent).toBe(0);
  });

  test("grace is so much a student and day, and a restart gives no more of it", () => {
    const { box } = meetGateway(0);
    box.disconnect();
    expect(box.tap(lina)).toBe("Merci !");
    box.power(true);
    expect(box.tap(lina)).toBe("Merci !");
    box.wait(ANSWER_OVER_MS);
    expect(box.tap(lina)).toBe("Désolé");
    expect(box.tap(noah)).toBe("Merci !");
    box.press(1, OK);
    expect(box.tap(noah)).toBe("Désolé");
  });

  test("after many sales a restart still knows every lease", () => {
    const { box, book } = meetGateway(20_000);
    box.disconnect();
    for (let i = 0; i < 60; i++) for (const card of [lina, noah]) box.tap(card);
    box.wait(10_000);
    box.power(true);
    // 60.00 of 200.00 are spent: 40 sandwiches of 3.50 are exactly what is left.
    for (const presses of [40, 1]) {
      box.press(...Array<number>(presses).fill(1), OK);
      box.tap(lina);
    }
    box.connect();
    book.settle();
    expect(book.entries).toHaveLength(1 + 120 + 1 + 1);
    expect(book.entries.at(-1)).toMatchObject({ totalCents: 14_000, graceCents: 0 });
  });
});
