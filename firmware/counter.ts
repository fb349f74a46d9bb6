// What the keys of the counter staff do: build a basket, ask for its payment, undo the last sale,
// hand over orders, open and close the shift. Undoing and closing want OK, because nothing takes
// them back.

import type { Basket } from "./basket.ts";
import { EMPTY_BASKET, addProduct, changeQuantity } from "./basket.ts";
import type { Key } from "./keys.ts";
import { PRODUCT_KEYS, controlOfKey } from "./keys.ts";
import type { Effect, Facts, State, Step } from "./state.ts";
import { enter, refusalOfEntry, refuse, restingPlace, show, stay, write } from "./steps.ts";
import { payWithCard } from "./tap.ts";

const CLICK: Effect = { kind: "tone", tune: "key" };
/** A key that means nothing here, or a limit of the basket. */
const NO: Effect = { kind: "tone", tune: "retry" };

/** facts of a card that lies on the reader and has not counted yet. */
export function pressKey(state: State, key: number, facts: Facts | undefined): Step {
  const control = controlOfKey(key);
  if (state.faults.length) return { state: state, effects: [NO] };
  if (state.phase.at === "asking") return control === "cancel" ? choose(state) : deny(state);
  if (state.phase.at === "confirming") {
    if (control !== "ok") return choose(state);
    return state.phase.what === "void" ? voidSale(state) : closeShift(state);
  }
  const place = restingPlace(state);
  if (place === "closed") return control === "shift" ? openByKey(state) : deny(state);
  if (place === "collecting") return pressWhileCollecting(state, control);
  if (key >= 0 && key < PRODUCT_KEYS) return pressProduct(state, key);
  return control ? pressControl(state, control, facts) : deny(state);
}

function pressControl(state: State, key: Key, facts: Facts | undefined): Step {
  const filled = state.basket.lines.length > 0;
  switch (key) {
    case "plus":
      return changeBasket(state, changeQuantity(state.basket, 1));
    case "minus":
      return changeBasket(state, changeQuantity(state.basket, -1));
    case "cancel":
      return changeBasket(state, EMPTY_BASKET);
    case "ok":
      if (!filled) return deny(state);
      return facts ? payWithCard(state, facts) : enter(state, { at: "paying" }, [CLICK]);
    case "void":
      if (!state.lastSale) return refuse(state, "nothing-to-void", "choosing");
      return enter(state, { at: "confirming", what: "void" }, [CLICK]);
    case "shift":
      return filled ? deny(state) : enter(state, { at: "confirming", what: "close" }, [CLICK]);
    case "collect":
      return filled ? deny(state) : enter(state, { at: "collecting" }, [CLICK]);
  }
}

/** No product is chosen by mistake here; whoever wants to sell leaves first. */
function pressWhileCollecting(state: State, control: Key | undefined): Step {
  return control === "collect" || control === "cancel" ? choose(state) : deny(state);
}

function pressProduct(state: State, key: number): Step {
  const catalogue = state.catalogue;
  const product = catalogue ? catalogue.products[catalogue.till.keys[key] || 0] : undefined;
  return product ? changeBasket(state, addProduct(state.basket, product)) : deny(state);
}

/** A changed basket always needs OK again; undefined is a limit of the basket. */
function changeBasket(state: State, basket: Basket | undefined): Step {
  if (!basket) return deny(state);
  return enter(Object.assign({}, state, { basket: basket }), { at: "choosing" }, [CLICK]);
}

function choose(state: State): Step {
  return enter(state, { at: "choosing" }, [CLICK]);
}

function deny(state: State): Step {
  return { state: state, effects: [NO] };
}

/** Where the till wants a badge, neither power nor a key opens it. */
export function openByKey(state: State): Step {
  return wantsBadge(state) ? deny(state) : openShift(state, 0);
}

/** When power comes on. */
export function startShift(state: State): Step {
  return wantsBadge(state) ? stay(state, {}) : openShift(state, 0);
}

function wantsBadge(state: State): boolean {
  return !!state.catalogue && state.catalogue.till.badge === true;
}

/** Each shift begins with an entry that says which firmware sells, and for whom. */
export function openShift(state: State, operator: number): Step {
  const refusal = refusalOfEntry(state);
  if (refusal) return refuse(state, refusal, "closed");
  const opened = Object.assign({}, state, { lastSale: undefined, operator: operator });
  return write(state.open, operator, enter(opened, { at: "choosing" }, [CLICK]));
}

export function closeShift(state: State): Step {
  const refusal = refusalOfEntry(state);
  if (refusal) return refuse(state, refusal, "choosing");
  const closed = Object.assign({}, state, { lastSale: undefined, operator: 0 });
  return write({ kind: "close" }, state.operator, enter(closed, { at: "closed" }, [CLICK]));
}

function voidSale(state: State): Step {
  const sale = state.lastSale;
  const refusal = sale ? refusalOfEntry(state) : "nothing-to-void";
  if (refusal || !sale) return refuse(state, refusal || "nothing-to-void", "choosing");
  const voided = Object.assign({}, state, { lastSale: undefined });
  return write(
    {
      kind: "void",
      card: sale.card,
      student: sale.student,
      totalCents: sale.totalCents,
      lease: sale.lease,
      voids: sale.seq,
    },
    state.operator,
    show(voided, { kind: "voided", totalCents: sale.totalCents }, "choosing"),
  );
}
