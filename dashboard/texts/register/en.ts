// The register from a file, in English.

import type { Register } from "./fr.ts";

export const register: Register = {
  register: {
    title: "Import students",
    file: "CSV file",
    year: "School year",
    look: "Look at the file",
    nothingYet: "Nothing is saved before you confirm.",
    noFile: "Choose a file.",
    unknown: "This import is gone. Choose the file again.",
    changedMeanwhile: "The students have changed since you looked. Check again, then confirm.",
    format: "The file",
    formatWhy:
      "One line for each student, with up to four guardians. The number is the school’s own: importing the same file again brings up to date and doubles nothing.",
    formatColumns:
      "Columns needed: number, last name, first name, class. The others are free, in any order.",
    formatCodes:
      "Separated by semicolons, commas or tabs; in UTF-8 or Windows-1252. An empty cell takes nothing away.",
    example:
      "number;last name;first name;class;allergens;guardian 1 last name;guardian 1 first name;guardian 1 mail;guardian 1 language\n20260117;Smith;Emma;4A;peanuts, milk;Smith;John;john@house.example;en",
    previewTitle: "What the file would change",
    wrongLines: "Lines to correct",
    wrongLinesWhy:
      "They are not imported. Correct them in the file and import it again whenever you like.",
    added: "New students",
    changed: "Changed students",
    unchanged: "Unchanged",
    guardiansAdded: "New guardians",
    guardiansChanged: "Changed guardians",
    line: "Line",
    column: "Column",
    value: "Value",
    fault: "Why",
    confirm: "Confirm the import",
    another: "Choose another file",
    back: "comes back to the school",
    missingWhy:
      "Tick those who have left the school: their cards are blocked, their family keeps the balance and can ask for it. The others stay.",
    doneTitle: "Import done",
    ignored: (names) => `Columns left out: ${names}.`,
    became: (field, was, now) => `${field}: ${was} → ${now}`,
    missing: (count) => `Not in the file: ${count}`,
    done: (added, changed, guardians, left) =>
      `${added} students added, ${changed} changed, ${guardians} guardians added or changed, ${left} left.`,
    fields: {
      number: "number",
      lastName: "last name",
      firstName: "first name",
      class: "class",
      allergens: "allergens",
    },
    faults: {
      missing: "is missing",
      "too-long": "too long",
      formula: "begins with a formula sign (= + - @)",
      unreadable: "unreadable characters: wrong encoding of the file",
      "bad-address": "is not a mail address",
      "bad-language": "unknown language: fr, nl, de or en",
      "bad-allergen": "unknown allergen",
      "guardian-half": "both last and first name are needed",
      twice: "already given by another line",
      cells: "another number of cells than the header",
      quotes: "quotes never closed: the rest of the file is not read",
      "no-column": "this column is missing",
      "too-many": "too many lines",
      empty: "empty file",
    },
  },
};
