// The keys of the terminal by the number that Board gives them. The first eight are product keys:
// what each sells is on the till that the gateway sends (protocol/downlink.ts, Till.keys).

export const PRODUCT_KEYS = 8;

export type Key = "plus" | "minus" | "cancel" | "ok" | "void" | "shift" | "collect";

/** The names of the keys from PRODUCT_KEYS on, in the order of their numbers. */
export const CONTROL_KEYS: Key[] = ["plus", "minus", "cancel", "ok", "void", "shift", "collect"];

/** The name of a control key; undefined for a product key and for a number no key has. */
export function controlOfKey(key: number): Key | undefined {
  return CONTROL_KEYS[key - PRODUCT_KEYS];
}
