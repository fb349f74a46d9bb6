// The words of the terminals' page: each language gives all of these.

import type { Key } from "#firmware/keys.ts";

export type PageWords = {
  title: string;
  terminal: string;
  language: string;
  products: string;
  controls: string;
  reader: string;
  network: string;
  power: string;
  sound: string;
  cards: string;
  search: string;
  /** What is printed on the keys. */
  keys: { [key in Key]: string };
};
