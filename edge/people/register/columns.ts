// The columns of a register file, by the names under which schools write them: any of four languages, with or without
// accents, capitals, spaces.

export const GUARDIANS_MAX = 4;

const STUDENT_COLUMNS = {
  number: ["matricule", "numero", "n", "stamnummer", "nummer", "matrikelnummer", "number", "id"],
  lastName: ["nom", "nomdefamille", "naam", "familienaam", "nachname", "familienname", "lastname"],
  firstName: ["prenom", "voornaam", "vorname", "firstname"],
  class: ["classe", "klas", "klasse", "class"],
  allergens: ["allergenes", "allergies", "allergenen", "allergene", "allergens"],
} as const;
const GUARDIAN_COLUMNS = {
  lastName: STUDENT_COLUMNS.lastName,
  firstName: STUDENT_COLUMNS.firstName,
  address: ["mail", "email", "courriel", "adressemail", "mailadres", "mailadresse", "mailaddress"],
  language: ["langue", "taal", "sprache", "language"],
} as const;
const GUARDIAN_WORDS = [
  "responsable",
  "parent",
  "ouder",
  "voogd",
  "erziehungsberechtigter",
  "guardian",
];

export type StudentColumn = keyof typeof STUDENT_COLUMNS;
export type GuardianColumn = keyof typeof GUARDIAN_COLUMNS;
/** guardian: 1 to GUARDIANS_MAX, or 0 for the student's own columns. */
export type Column =
  | { guardian: 0; field: StudentColumn; header: string }
  | { guardian: number; field: GuardianColumn; header: string };

/** undefined for a column that we do not know; it is left out, and said. */
export function columnOf(header: string): Column | undefined {
  const plain = plainOf(header);
  const student = fieldIn(STUDENT_COLUMNS, plain);
  if (student) return { guardian: 0, field: student, header };
  for (const word of GUARDIAN_WORDS) {
    if (!plain.startsWith(word)) continue;
    const [, guardian, rest = ""] = /^(\d)(.*)$/.exec(plain.slice(word.length)) ?? [];
    const field = fieldIn(GUARDIAN_COLUMNS, rest);
    const number = Number(guardian);
    if (field && number >= 1 && number <= GUARDIANS_MAX) return { guardian: number, field, header };
  }
  return undefined;
}

function fieldIn<T extends Record<string, readonly string[]>>(columns: T, plain: string) {
  return (Object.keys(columns) as (keyof T & string)[]).find((field) =>
    columns[field]?.includes(plain),
  );
}

/** Letters and digits only: "Prénom du responsable" and "prenom_du_responsable" are one. */
export function plainOf(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}
