// Goal: a part that fails is named, stops the sales and costs no entry; the power may go at any
// flash operation of a sale. Method: the whole terminal on a table (sim/counter-box.ts), broken
// part by part, then cut at each write in turn.

import { describe, expect, test } from "vitest";
import { lina, meetGateway, noah, summaryOf } from "#sim/counter-gateway.ts";
import type { CutMode } from "#sim/parts/nor.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");

/** Two sales by one student, with time between them, for a tap right after a sale asks for the balance; the
 * first operation that is cut is number `cut` from the second tap on. */
function cutSale(cut: number, mode: CutMode) {
  const { box, book } = meetGateway(1000);
  box.disconnect();
  box.tap(lina);
  box.wait(10_000);
  box.hear();
  box.supply.cutAfter(cut, mode);
  box.tap(lina);
  const beeped = box.heardAccepted();
  return { box, book, beeped, died: !box.isOn() };
}

describe("parts that fail", () => {
  test("a display that is unplugged stops the sales, and they go on when it is back", () => {
    const { box, book } = meetGateway();
    box.broken.display = true;
    box.tap(lina);
    box.hear();
    box.tap(noah);
    expect(box.heardAccepted()).toBe(false);
    box.broken.display = false;
    box.wait(10_000);
    expect(box.see().big).toBe("1,00 €");
    expect(box.tap(noah)).toBe("Merci !");
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100", "18 pays 100"]);
  });

  test("a reader that falls silent is named, and heals", () => {
    const { box } = meetGateway();
    box.broken.reader = true;
    box.wait(20_000);
    expect(box.see()).toMatchObject({ big: "En panne", lines: ["Lecteur de", "cartes muet"] });
    box.broken.reader = false;
    box.wait(10_000);
    expect(box.tap(lina)).toBe("Merci !");
  });

  test("a journal with a damaged entry sells nothing", () => {
    const { box } = meetGateway();
    box.tap(lina);
    box.power(false);
    box.flash.journal.content.fill(0, 200, 220);
    box.power(true);
    expect(box.see()).toMatchObject({ big: "En panne", lines: ["Journal", "illisible"] });
    box.press(0, OK);
    expect(box.tap(lina)).toBe("En panne");
  });

  test("without its settings a box says that it is not set up", () => {
    const { box } = meetGateway();
    delete box.files["settings"];
    box.power(true);
    expect(box.see()).toMatchObject({ big: "Nouveau", clock: "--:--" });
  });

  test("a lost burn map stops the signing, but what is signed still reaches the gateway", () => {
    const { box, book } = meetGateway();
    box.disconnect();
    box.tap(lina);
    box.power(false);
    for (let page = 0; page < box.flash.burn.pages; page++) box.flash.burn.erase(page);
    box.power(true);
    expect(box.see()).toMatchObject({ big: "En panne", lines: ["Signatures", "à renouveler"] });
    box.tap(noah);
    box.connect();
    book.settle();
    expect(summaryOf(book)).toEqual(["open", "17 pays 100"]);
  });
});

describe("the power goes at any flash operation of a sale", () => {
  test.each(["before", "half", "after"] as const)("cut %s: what beeped is there, once", (mode) => {
    let cuts = 0;
    for (let cut = 0; ; cut++) {
      const { box, book, beeped, died } = cutSale(cut, mode);
      if (!died) break;
      cuts++;
      box.power(true);
      box.tap(noah);
      box.connect();
      book.settle();
      const sales = summaryOf(book);
      const second = sales.length > 4;
      if (beeped) expect(second).toBe(true);
      expect(sales).toEqual(
        ["open", "17 pays 100"].concat(second ? ["17 pays 100"] : [], ["open", "18 pays 100"]),
      );
    }
    // Burn, record and mark: three writes a sale at least.
    expect(cuts).toBeGreaterThanOrEqual(3);
  });
});
