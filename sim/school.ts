// The made-up Collège Sainte-Aldegonde: 200 students, their guardians, cards, products and
// terminals. Pure and seeded, so that every start makes the same school; seed.ts puts it into a
// ledger.

import type { Till } from "#protocol/downlink.ts";
import { FAMILY_NAMES, FIRST_NAMES, GUARDIAN_NAMES } from "./school-names.ts";

const STUDENTS = 200;
const YEARS = 6;
const SEED = 20261123;

// Allergens are bits in the order of Regulation (EU) 1169/2011 annex II (protocol/downlink.ts).
const GLUTEN = 1 << 0;
const EGG = 1 << 2;
const FISH = 1 << 3;
const PEANUT = 1 << 4;
const MILK = 1 << 6;
const NUTS = 1 << 7;
const CELERY = 1 << 8;

export type Student = {
  id: number;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
  /** 0: nobody has paid anything in yet. */
  openingCents: number;
};
export type Guardian = { username: string; name: string; students: number[] };
/** uid: hexadecimal, lower case. keyEpoch: 0 for a card known by its UID, else it is an NTAG 424 DNA of that epoch. */
export type Card = {
  uid: string;
  student: number;
  status: "active" | "blocked";
  keyEpoch: number;
};
export type Product = {
  id: number;
  category: string;
  name: string;
  cents: number;
  essential: boolean;
  allergens: number;
};
export type Counter = { id: number; name: string; till: Till };
export type School = {
  slug: string;
  name: string;
  students: Student[];
  guardians: Guardian[];
  cards: Card[];
};

/** The permanent cast: these have a password (secrets.ts); other guardians have not activated their
 * account yet. */
export const BURSAR = { username: "beatrice", name: "Béatrice Delvaux" };
export const PAUL = "paul";
export const VICTOR = "victor";
/** Opens and closes counters, and lets an allergen pass, with her badge. */
export const STAFF = { username: "sophie", name: "Sophie Maes", badge: "04bada5e0b5a80" };

export const PRODUCTS: Product[] = [
  product(1, "repas", "Potage du jour", 100, true, CELERY),
  product(2, "repas", "Repas chaud", 480, true, GLUTEN | MILK),
  product(3, "sandwiches", "Jambon-fromage", 350, false, GLUTEN | MILK),
  product(4, "sandwiches", "Thon-crudités", 380, false, GLUTEN | FISH | EGG),
  product(5, "sandwiches", "Végétarien", 320, false, GLUTEN),
  product(6, "boissons", "Eau", 80, false, 0),
  product(7, "boissons", "Jus d'orange", 120, false, 0),
  product(8, "boissons", "Lait chocolaté", 130, false, MILK),
  product(9, "repas", "Fruit", 60, false, 0),
  product(10, "repas", "Gaufre", 150, false, GLUTEN | EGG | MILK),
  product(11, "fournitures", "Photocopie N/B", 5, false, 0),
  product(12, "fournitures", "Photocopie couleur", 20, false, 0),
  product(13, "fournitures", "Bloc de cours", 240, false, 0),
  product(14, "fournitures", "Cadenas", 650, false, 0),
];

/** till.keys: what each of the eight product keys sells. Only the refectory sells soup on a bare
 * tap. */
export const COUNTERS: Counter[] = [
  counter(1, "Réfectoire", { soup: 1, keys: [1, 2, 9, 10, 6, 7, 8, 0], graceCents: 200 }),
  counter(2, "Sandwicherie", { soup: 0, keys: [3, 4, 5, 9, 6, 7, 8, 10], graceCents: 0 }),
  counter(3, "Économat", { soup: 0, keys: [11, 12, 13, 14, 0, 0, 0, 0], graceCents: 0 }),
];

/** What somebody ordered for today: some of every class, and the permanent cast. */
export function ordersOf(school: School): { student: number; lines: [number, number][] }[] {
  const random = seededRandom(SEED);
  const hungry = school.students.filter(({ id }) => id <= 3 || random() < 0.15);
  return hungry.map(({ id }) => {
    const sandwich: [number, number] = [pick([3, 4, 5], random), 1];
    return { student: id, lines: random() < 0.4 ? [sandwich, [7, 1]] : [sandwich] };
  });
}

/** A card that no school has issued, for showing the refusal. */
export const FOREIGN_CARD = "04d1e2f3a4b580";

export function makeSchool(): School {
  const random = seededRandom(SEED);
  const school: School = {
    slug: "college-demo",
    name: "Collège Sainte-Aldegonde",
    students: [],
    guardians: [],
    cards: [],
  };
  addCast(school);
  while (school.students.length < STUDENTS) addFamily(school, random);
  for (const student of school.students) addCards(school, student.id, random);
  return school;
}

/** Paul has two children here, one of them with a second guardian elsewhere; Victor is somebody
 * else's parent. */
function addCast(school: School): void {
  const lina = addStudent(school, "Lina", "Lambert", "3B", 0, 2500);
  const noe = addStudent(school, "Noé", "Lambert", "1A", PEANUT, 1200);
  const zoe = addStudent(school, "Zoé", "Peeters", "5C", 0, 4000);
  school.guardians.push(
    { username: PAUL, name: "Paul Lambert", students: [lina, noe] },
    { username: "claire.dumont", name: "Claire Dumont", students: [lina] },
    { username: VICTOR, name: "Victor Peeters", students: [zoe] },
  );
}

function addFamily(school: School, random: Random): void {
  const lastName = pick(FAMILY_NAMES, random);
  const wanted = 1 + Number(random() < 0.45) + Number(random() < 0.15);
  const count = Math.min(wanted, STUDENTS - school.students.length);
  const children: number[] = [];
  for (let i = 0; i < count; i++) {
    const year = 1 + Math.floor(random() * YEARS);
    const group = year + pick(["A", "B", "C"], random);
    const allergens = random() < 0.08 ? pick([GLUTEN, EGG, MILK, NUTS, PEANUT, FISH], random) : 0;
    const openingCents = random() < 0.06 ? 0 : pick([500, 1000, 1500, 2000, 2500, 5000], random);
    const firstName = pick(FIRST_NAMES, random);
    children.push(addStudent(school, firstName, lastName, group, allergens, openingCents));
  }
  addGuardian(school, lastName, children, random);
  if (random() < 0.7) addGuardian(school, pick(FAMILY_NAMES, random), children, random);
  // After a separation somebody may look after the eldest only.
  if (random() < 0.1) addGuardian(school, pick(FAMILY_NAMES, random), children.slice(0, 1), random);
}

function addStudent(
  school: School,
  firstName: string,
  lastName: string,
  group: string,
  allergens: number,
  openingCents: number,
): number {
  const id = school.students.length + 1;
  school.students.push({ id, firstName, lastName, class: group, allergens, openingCents });
  return id;
}

function addGuardian(school: School, lastName: string, students: number[], random: Random): void {
  const name = `${pick(GUARDIAN_NAMES, random)} ${lastName}`;
  const plain = name
    .normalize("NFD")
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase();
  const wanted = plain.replace(/ +/g, ".");
  const taken = (username: string): boolean =>
    school.guardians.some((guardian) => guardian.username === username);
  let username = wanted;
  for (let count = 2; taken(username); count++) username = wanted + count;
  school.guardians.push({ username, name, students });
}

/** Most cards have a UID of 7 bytes that begins with NXP's 04 (ISO/IEC 7816-6); some old ones have
 * 4 bytes. A few students have lost one, which stays blocked. */
function addCards(school: School, student: number, random: Random): void {
  if (random() < 0.05) addCard(school, newUid(7, random), student, "blocked");
  const bytes = student > 3 && random() < 0.1 ? 4 : 7;
  addCard(school, newUid(bytes, random), student, "active");
}

/** The school changes to cards that prove themselves; a third of the students have one. */
function addCard(school: School, uid: string, student: number, status: Card["status"]): void {
  const proves = uid.length === 14 && student % 3 === 1;
  school.cards.push({ uid, student, status, keyEpoch: proves ? 1 : 0 });
}

/** ISO/IEC 14443-3: a 4-byte UID beginning with 08 is random at each tap, and 88 is no UID but a
 * cascade tag. */
function newUid(bytes: number, random: Random): string {
  let uid = bytes === 7 ? "04" : pick(["1a", "3c", "5e", "7b", "9d", "b2"], random);
  while (uid.length < bytes * 2)
    uid += Math.floor(random() * 256)
      .toString(16)
      .padStart(2, "0");
  return uid;
}

function product(
  id: number,
  category: string,
  name: string,
  cents: number,
  essential: boolean,
  allergens: number,
): Product {
  return { id, category, name, cents, essential, allergens };
}

function counter(id: number, name: string, till: Omit<Till, "language">): Counter {
  return { id, name, till: { language: "fr", ...till } };
}

/** Uniform from 0 to 1, without 1. */
export type Random = () => number;

export function pick<T>(from: readonly T[], random: Random): T {
  const item = from[Math.floor(random() * from.length)];
  if (item === undefined) throw new Error("school: nothing to pick from");
  return item;
}

/** Mulberry32: 32 bits of state are plenty for names; the same sequence on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
