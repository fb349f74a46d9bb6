// Passwords that would be guessed first. Length is what counts (NIST SP 800-63B-4 section 3.1.1.2): no rules about
// digits and signs, but not one's own name, and not what everybody takes.

import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from "./auth.ts";

/** Of those with ten characters or more in the lists of leaked passwords, and what a Belgian school adds to them. */
const COMMON = [
  "password",
  "motdepasse",
  "wachtwoord",
  "passwort",
  "azertyuiop",
  "qwertyuiop",
  "qwertzuiop",
  "1234567890",
  "0123456789",
  "0987654321",
  "iloveyou",
  "jetaime",
  "administrator",
  "bonjour",
  "ecole",
  "school",
  "schule",
];

/** undefined when it may be taken. */
export function isEasy(
  password: string,
  owner: { username: string; name: string },
): "short" | "long" | "easy" | undefined {
  if (password.length < PASSWORD_CHARACTERS_MIN) return "short";
  if (password.length > PASSWORD_CHARACTERS_MAX) return "long";
  const plain = lettersOf(password);
  const names = [owner.username, ...owner.name.split(" "), ...COMMON].map(lettersOf);
  const rest = names
    .filter((name) => name.length > 2)
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, name) => left.replaceAll(name, ""), plain);
  const isFew = new Set(plain).size < 4;
  return isFew || rest.replace(/^\d{0,4}|\d{0,4}$/g, "").length < 4 ? "easy" : undefined;
}

function lettersOf(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}
