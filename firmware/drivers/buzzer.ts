// The tunes of the buzzer. Accepted is the same for every sale, however it is paid: nothing in the queue
// can be told from the sound. Refused is low and twice, so that it is also told apart by who hears badly.

import type { Board } from "../board.ts";
import type { Tune } from "../screen.ts";

type Note = { hz: number; ms: number };
const REST: Note = { hz: 0, ms: 70 };
const LOW: Note = { hz: 330, ms: 160 };

export const TUNES: { [tune in Tune]: Note[] } = {
  accepted: [{ hz: 2600, ms: 140 }],
  refused: [LOW, REST, LOW],
  retry: [{ hz: 880, ms: 90 }, REST, { hz: 880, ms: 90 }],
  key: [{ hz: 1800, ms: 15 }],
};

export type Buzzer = { play(tune: Tune): void };

/** A new tune cuts off the one that sounds: the last thing that happened is what is heard. */
export function createBuzzer(board: Pick<Board, "tone" | "after" | "cancel">): Buzzer {
  let timer = -1;

  function sound(notes: Note[], at: number): void {
    const note = notes[at];
    board.tone(note ? note.hz : 0);
    timer = note ? board.after(note.ms, () => sound(notes, at + 1)) : -1;
  }

  return {
    play: function (tune: Tune): void {
      if (timer !== -1) board.cancel(timer);
      sound(TUNES[tune], 0);
    },
  };
}
