// Goal: a file says the same whatever its encoding, its separator, its language; and all that is wrong with it is named,
// with its line. Method: small files as schools write them, each with one flaw.

import { describe, expect, test } from "vitest";
import { readFile } from "./read-file.ts";
import { takeUsername } from "./username.ts";

const YEAR = 2026;
const HEADERS = "Matricule;Nom;Prénom;Classe";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readFile(bytesOf(text), YEAR);
/** Code points below 256 are their own bytes, but for a few that nobody has in a name. */
const windows1252 = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe("a file is read as schools write it", () => {
  const text = "Matricule;Nom;Prénom;Classe\r\n7;Évrard;Zoë;1a\r\n";
  test.each([
    ["UTF-8", bytesOf(text), "utf-8"],
    ["UTF-8 with its mark", bytesOf("\ufeff" + text), "utf-8"],
    ["Windows-1252", windows1252(text), "windows-1252"],
    ["commas", bytesOf(text.replaceAll(";", ",")), "utf-8"],
    ["tabs", bytesOf(text.replaceAll(";", "\t")), "utf-8"],
    ["quotes", bytesOf(text.replace("Évrard", '"Évrard"')), "utf-8"],
    ["lines of old Macs", bytesOf(text.replaceAll("\r\n", "\r")), "utf-8"],
    ["empty lines", bytesOf(text.replaceAll("\r\n", "\r\n;;;\r\n\r\n")), "utf-8"],
  ])("%s", (_, bytes, encoding) => {
    const file = readFile(bytes, YEAR);
    expect(file.problems).toEqual([]);
    expect(file.encoding).toBe(encoding);
    const [line] = file.lines;
    expect([line?.number, line?.lastName, line?.firstName, line?.class]).toEqual(
      ["7", "Évrard", "Zoë", "1A"], // a class is written as the school calls it aloud
    );
  });

  test.each([
    "MATRICULE;nom de famille;Prenom;classe;Nom du responsable 1;Prénom responsable 1;Courriel responsable 1;Langue responsable 1",
    "Stamnummer;Achternaam;Voornaam;Klas;Naam ouder 1;Voornaam ouder 1;E-mail ouder 1;Taal ouder 1",
    "Matrikelnummer;Nachname;Vorname;Klasse;Nachname Erziehungsberechtigter 1;Vorname Erziehungsberechtigter 1;E-Mail Erziehungsberechtigter 1;Sprache Erziehungsberechtigter 1",
    "Student number;Last name;First name;Class;Guardian1 last name;Guardian1 first name;Guardian1 e-mail;Guardian1 language",
  ])("%s", (headers) => {
    const file = read(`${headers}\n1;Lambert;Lina;3B;Lambert;Paul;Paul@Test.BE;nl`);
    expect(file.problems).toEqual([]);
    const paul = { lastName: "Lambert", firstName: "Paul", address: "paul@test.be" };
    expect(file.lines[0]?.guardians).toEqual([{ ...paul, language: "nl" }]);
  });

  test("a quoted name may hold the separator, quotes and a line break; lines keep their numbers", () => {
    const file = read(`${HEADERS}\n1;"O'Neil; ""Junior""";"Jean\nPaul";1A\n2;B;C;?`);
    expect(file.lines[0]).toMatchObject({ lastName: `O'Neil; "Junior"`, firstName: "Jean Paul" });
    expect(file.problems.map(({ line, flaw }) => [line, flaw])).toEqual([[4, "bad-class"]]);
  });

  test.each([
    ["lait, œufs", (1 << 6) | (1 << 2)],
    ["Noten / Melk", (1 << 7) | (1 << 6)],
    ["FRUITS À COQUE", 1 << 7],
    ["aucun", 0],
    ["", undefined],
  ])("allergens %j are %j", (cell, bits) => {
    const file = read(`${HEADERS};Allergènes\n1;A;B;1A;"${cell}"`);
    expect(file.lines[0]?.allergens).toBe(bits);
  });
});

describe("what is wrong is named, with its line", () => {
  const guardian = `${HEADERS};Nom responsable 1;Prénom responsable 1;E-mail responsable 1;Langue responsable 1;Nom responsable 2;Prénom responsable 2;E-mail responsable 2`;
  test.each([
    ["PK\u0003\u0004 a spreadsheet", [[0, "not-text"]]],
    ["", [[0, "empty"]]],
    [HEADERS, [[0, "empty"]]],
    ["Nom;Prénom;Classe\nA;B;1A", [[1, "missing-column"]]],
    [`${HEADERS};Remarques\n1;A;B;1A;x`, [[1, "unknown-header"]]],
    [`${HEADERS};Nom\n1;A;B;1A;x`, [[1, "twice-header"]]],
    [`${HEADERS}\n1;A;B;1A\n2;"C;D;1A\n3;E;F;1A`, [[3, "bad-quotes"]]],
    [
      `${HEADERS}\n1;A;B`,
      [
        [2, "unequal-cells"],
        [2, "missing"],
      ],
    ],
    [`${HEADERS}\n1;;B;1A`, [[2, "missing"]]],
    [`${HEADERS}\n1;=1+1;B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n1;A;-B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n+1;A;B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n1;"\tA";B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n1;"\rA";B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n1;A;@B;1A`, [[2, "formula"]]],
    [`${HEADERS}\n1;A;L\u00c3\u00a9a;1A`, [[2, "broken-characters"]]],
    [`${HEADERS}\n1;A;B\u0007;1A`, [[2, "broken-characters"]]],
    [`${HEADERS}\n${"1".repeat(21)};A;B;1A`, [[2, "too-long"]]],
    [`${HEADERS}\n1;A;B;3&A`, [[2, "bad-class"]]],
    [`${HEADERS};Année\n1;A;B;3A;2026-2027\n2;C;D;3A;26/27\n3;E;F;3A;2027`, [[4, "other-year"]]],
    [`${HEADERS};Carte\n1;A;B;3A;04:A1:B2:C3\n2;C;D;3A;04a1`, [[3, "bad-card"]]],
    [`${HEADERS};Carte\n1;A;B;3A;04a1b2c3\n2;C;D;3A;04A1B2C3`, [[3, "card-of-another"]]],
    [`${HEADERS}\n1;A;B;1A\n1;C;D;1A`, [[3, "number-twice"]]],
    [`${HEADERS}\n1;A;B;1A\n2;À;b;1a`, [[3, "student-twice"]]],
    [`${guardian}\n1;A;B;1A;L;P;p@x.be;fr;l;p;q@x.be`, [[2, "guardian-twice"]]],
    [`${guardian}\n1;A;B;1A;L;P;p@x.be;fr;M;Q;p@x.be`, [[2, "address-of-another"]]],
    [
      `${guardian}\n1;A;B;1A;L;P;p@x.be;fr;;;\n2;C;D;1A;M;Q;P@X.BE;;;;`,
      [[3, "address-of-another"]],
    ],
    [
      `${guardian}\n1;A;B;1A;L;P;p@x;tlh;;;`,
      [
        [2, "bad-address"],
        [2, "bad-language"],
      ],
    ],
    [`${guardian}\n1;A;B;1A;;;p@x.be;;;;`, [[2, "no-guardian-name"]]],
  ])("%j", (text, flaws) => {
    const { problems } = read(text);
    expect(problems.map(({ line, flaw }) => [line, flaw])).toEqual(flaws);
  });

  test("the second of two lines names the first, and the good line stands", () => {
    const { problems, lines } = read(`${HEADERS}\n1;A;B;1A\n1;C;D;1A`);
    expect(problems[0]).toMatchObject({ line: 3, value: "1", other: 2 });
    expect(lines.map(({ lastName }) => lastName)).toEqual(["A"]);
  });
});

test("usernames are plain, and each is one person's", () => {
  const taken = new Set(["paul.lambert"]);
  const names = ["Paul Lambert", "Paul Lambert", "Éloïse Van den Bœuf", "Straß-Ørsted", "李 明"];
  expect(names.map((name) => takeUsername(name, taken))).toEqual([
    "paul.lambert2",
    "paul.lambert3",
    "eloise.van.den.boeuf",
    "strass.orsted",
    "parent",
  ]);
});
