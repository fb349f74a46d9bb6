// What the bench found, beside what the design allows, printed as a table. Misses are printed as misses.

/** limit: the most that is allowed, or the least with atLeast. seconds on an ESP32 are estimated for a time. */
export type Figure = {
  name: string;
  value: number;
  unit: "ms" | "variables" | "bytes" | "times";
  limit?: number;
  atLeast?: boolean;
  note?: string;
};

/** How much slower an ESP32 at 240 MHz interprets than the Linux build, and between which bounds: an estimate from published
 * figures of the chip and of its flash cache. No ESP32 has been measured. */
const ESP32_FACTOR = 65;
const ESP32_FACTOR_MIN = 45;
const ESP32_FACTOR_MAX = 125;

export const isMissed = (figure: Figure): boolean =>
  figure.limit !== undefined &&
  (figure.atLeast ? figure.value < figure.limit : figure.value > figure.limit);

export function lineOf(figure: Figure): string {
  const parts = [`${figure.name}: ${shown(figure.value)} ${figure.unit}`];
  if (figure.limit !== undefined) {
    const bound = figure.atLeast ? "at least" : "at most";
    parts.push(`${bound} ${shown(figure.limit)}: ${isMissed(figure) ? "MISSED" : "met"}`);
  }
  if (figure.unit === "ms") parts.push(`an ESP32 ${esp32(figure.value)}`);
  if (figure.note) parts.push(figure.note);
  return parts.join("; ");
}

function shown(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(3);
}

function esp32(ms: number): string {
  const [middle, low, high] = [ESP32_FACTOR, ESP32_FACTOR_MIN, ESP32_FACTOR_MAX].map((factor) =>
    Math.round(ms * factor),
  );
  return `perhaps ${middle} ms (${low} to ${high})`;
}
