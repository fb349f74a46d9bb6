// Runs the state machine of terminal.ts: one event after the other, the effects of each in their
// order. What is not journalled did not happen: when that effect fails, the state before the event
// holds, and nothing sounds.

import type { Fault } from "./reasons.ts";
import type { Effect, Event, State } from "./state.ts";
import { step } from "./terminal.ts";

export type Machine = {
  state(): State;
  /** An event that happens while another is being dealt with waits for its turn. */
  happen(event: Event): void;
  /** Whether an event is being dealt with. For ever, where one broke off as no language can catch
   * it: Espruino stops all that runs when its memory is full. */
  isBusy(): boolean;
};

/** perform does one effect or throws; log is told what it threw. */
export function createMachine(
  first: State,
  perform: (effect: Effect) => void,
  log: (text: string) => void,
): Machine {
  let state = first;
  let waiting: Event[] = [];
  let busy = false;

  function attempt(effects: Effect[], from: number): Fault | undefined {
    for (let i = from; i < effects.length; i++) {
      const effect = effects[i] as Effect;
      try {
        perform(effect);
      } catch (error) {
        log("machine: " + effect.kind + " failed: " + (error as Error).message);
        return faultOfEffect(effect);
      }
    }
    return undefined;
  }

  function take(event: Event): void {
    const next = step(state, event);
    const effects = next.effects;
    const journals = effects.length && (effects[0] as Effect).kind === "journal" ? 1 : 0;
    let fault = attempt(effects.slice(0, journals), 0);
    if (!fault) {
      state = next.state;
      fault = attempt(effects, journals);
    }
    // A display that fails again while it should say so adds nothing: it is known to be dead.
    if (fault && state.faults.indexOf(fault) < 0) waiting.unshift({ kind: "fault", fault: fault });
  }

  function happen(event: Event): void {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      while (waiting.length) take(waiting.shift() as Event);
    } finally {
      busy = false;
    }
  }

  return {
    state: () => state,
    happen: happen,
    isBusy: () => busy,
  };
}

/** A buzzer, a timer or a question that fails is a fault of the board, which the display stands
 * for. */
function faultOfEffect(effect: Effect): Fault {
  return effect.kind === "journal" ? "journal-failed" : "display-dead";
}
