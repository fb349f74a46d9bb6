// An amount as people type it: "20", "12,5", "12.50", "-5", "1 250,00 €".

const CENTS = 100;

/** undefined when the text is not an amount in euro and cents. */
export function parseCents(text: string): number | undefined {
  const typed = text.replace(/[\s\u00a0\u202f€]/g, "").replace("\u2212", "-");
  const match = /^([+-]?)(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(typed);
  if (!match) return undefined;
  const [, sign, euros, cents = ""] = match;
  const amount = Number(euros) * CENTS + Number(cents.padEnd(2, "0"));
  return sign === "-" && amount > 0 ? -amount : amount;
}
