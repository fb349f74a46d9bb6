// What the terminal does by itself, without journal or network: sound a tune, show a screen, wait.

import type { Board } from "./board.ts";
import { createBuzzer } from "./drivers/buzzer.ts";
import type { Display } from "./drivers/ssd1306.ts";
import { createDisplay } from "./drivers/ssd1306.ts";
import type { Screen } from "./screen.ts";
import type { Effect } from "./state.ts";

export type Hands = {
  /** Does a tone, a screen or a wait; throws when the part is dead. Other effects are not for these
   * hands. */
  perform(effect: Effect): void;
  /** Tries a display that was dead with what it should show; true when it works. */
  revive(screen: Screen): boolean;
};

export function createHands(board: Board, onTimeout: () => void): Hands {
  const buzzer = createBuzzer(board);
  let display: Display | undefined;
  let timer = -1;

  function show(screen: Screen): void {
    try {
      // A display that was away has lost its set-up, so it is set up anew.
      if (!display) display = createDisplay(board);
      display.show(screen);
    } catch (error) {
      display = undefined;
      throw error;
    }
  }

  function wait(timeoutMs: number): void {
    if (timer !== -1) board.cancel(timer);
    timer = -1;
    if (!timeoutMs) return;
    timer = board.after(timeoutMs, () => {
      timer = -1;
      onTimeout();
    });
  }

  return {
    perform: (effect) => {
      if (effect.kind === "tone") buzzer.play(effect.tune);
      else if (effect.kind === "screen") show(effect.screen);
      else if (effect.kind === "wait") wait(effect.timeoutMs);
      else throw new Error("hands: not for " + effect.kind);
    },
    revive: (screen) => {
      try {
        show(screen);
      } catch {
        return false;
      }
      return true;
    },
  };
}
