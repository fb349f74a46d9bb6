// Goal: the made-up school is always the same, and fits every limit of the terminals. Method: make
// it and count.

import { expect, test } from "vitest";
import { PRODUCTS_MAX } from "#protocol/downlink.ts";
import { CLASS_MAX } from "#protocol/roster.ts";
import { PRODUCT_KEYS } from "#firmware/keys.ts";
import { COUNTERS, FOREIGN_CARD, PAUL, PRODUCTS, VICTOR, makeSchool } from "./school.ts";

const school = makeSchool();

test("two makings are the same school", () => {
  expect(makeSchool()).toEqual(school);
});

test("200 students in classes 1A to 6C, each with one card that works", () => {
  expect(school.students.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  for (const student of school.students) {
    expect(student.class).toMatch(/^[1-6][ABC]$/);
    expect(student.class.length).toBeLessThanOrEqual(CLASS_MAX);
    const cards = school.cards.filter((card) => card.student === student.id);
    expect(cards.filter((card) => card.status === "active")).toHaveLength(1);
  }
});

test("no two cards have the same UID, and none is that of the foreign card", () => {
  const uids = school.cards.map((card) => card.uid);
  expect(new Set([...uids, FOREIGN_CARD]).size).toBe(uids.length + 1);
});

test("UIDs are such as cards have: 7 bytes of NXP's, or 4 that are not random", () => {
  for (const { uid } of school.cards)
    expect(uid).toMatch(/^(04[0-9a-f]{12}|(?!08|88)[0-9a-f]{8})$/);
  expect(school.cards.filter(({ uid }) => uid.length === 8).length).toBeGreaterThan(5);
  expect(school.cards.filter(({ status }) => status === "blocked").length).toBeGreaterThan(3);
});

test("every student has a guardian; some have several, and some guardians several students", () => {
  const guardiansOf = (id: number) => school.guardians.filter((one) => one.students.includes(id));
  const counts = school.students.map(({ id }) => guardiansOf(id).length);
  expect(Math.min(...counts)).toBe(1);
  expect(Math.max(...counts)).toBeGreaterThan(1);
  expect(school.guardians.some(({ students }) => students.length > 2)).toBe(true);
  expect(new Set(school.guardians.map(({ username }) => username)).size).toBe(
    school.guardians.length,
  );
});

test("Victor is guardian of none of Paul's children", () => {
  const ofPaul = school.guardians.find(({ username }) => username === PAUL)?.students;
  const ofVictor = school.guardians.find(({ username }) => username === VICTOR)?.students;
  expect(ofPaul).toEqual([1, 2]);
  expect(ofVictor).toEqual([3]);
});

test("every name can be displayed by a terminal: Latin-1, products within 20 characters", () => {
  const names = school.students.map(({ firstName, lastName }) => `${firstName} ${lastName}`);
  for (const name of [...names, ...PRODUCTS.map((product) => product.name)])
    expect(name).toMatch(/^[\u0020-\u007e\u00a0-\u00ff]+$/);
  for (const { name } of PRODUCTS) expect(name.length).toBeLessThanOrEqual(20);
  expect(names.filter((name) => /[^ -~]/.test(name)).length).toBeGreaterThan(40);
});

test("every key of every counter sells a product of the price list", () => {
  const known = [0, ...PRODUCTS.map((product) => product.id)];
  expect(PRODUCTS.length).toBeLessThanOrEqual(PRODUCTS_MAX);
  for (const { till } of COUNTERS) {
    expect(till.keys).toHaveLength(PRODUCT_KEYS);
    for (const product of [till.soup, ...till.keys]) expect(known).toContain(product);
  }
});
