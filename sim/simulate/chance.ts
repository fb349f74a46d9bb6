// Dice of a simulation.

import type { Random } from "#sim/school.ts";

export { pick } from "#sim/school.ts";

/** So many times in a thousand. */
export function chance(random: Random, perMille: number): boolean {
  return random() * 1000 < perMille;
}
