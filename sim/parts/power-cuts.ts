// Plays a story again and again, and each time cuts the power at another flash operation, in each
// of three ways. What must hold after the cut is the business of the test that brings the story.

import type { CutMode, PowerSupply } from "./nor.ts";
import { PowerCut, createPowerSupply } from "./nor.ts";

/** act runs until the power goes; check runs after it has come back, on the same flash. */
export type Story = { act(): void; check(): void };

export const CUT_MODES: CutMode[] = ["before", "half", "after"];

/** Returns how many cuts were made. begin makes a new story on new flash. */
export function cutEverywhere(begin: (power: PowerSupply) => Story): number {
  let cuts = 0;
  for (const mode of CUT_MODES)
    for (let operations = 0; ; operations++) {
      const power = createPowerSupply();
      const story = begin(power);
      power.cutAfter(operations, mode);
      if (!isCut(() => story.act())) break;
      cuts++;
      power.restore();
      try {
        story.check();
      } catch (error) {
        throw new Error(`after a cut at operation ${operations}, ${mode}`, { cause: error });
      }
    }
  return cuts;
}

/** Whether the power went during act. */
export function isCut(act: () => void): boolean {
  try {
    act();
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
  return false;
}
