// Runs on the interpreter: a box with plain cards and a display that nobody looks at, for stories that need the room in
// Storage for something else, an update or what an office writes to a new box.
//   in   place UID | take UID
//   out  tone HZ | log TEXT

import type { Board } from "#firmware/board.ts";
import { createLinuxBoard } from "#firmware/boards/linux.ts";
import { copyBytes, fromHex } from "#protocol/bytes.ts";
import type { EmulatedCard } from "../../parts/card.ts";
import { plainCard } from "../../parts/card.ts";
import { createEmulatedPn532 } from "../../parts/pn532.ts";
import { openControl } from "./control.ts";

declare const global: { OBOLE_BOARD: Board };
declare function quit(): void;

const chip = createEmulatedPn532((ms, action) => setTimeout(action, ms));
const cards: { [uid: string]: EmulatedCard } = {};

const say = openControl(function (words) {
  const uid = words[1] || "";
  if (words[0] === "place") {
    cards[uid] = plainCard(fromHex(uid));
    chip.place(cards[uid] as EmulatedCard);
  } else if (words[0] === "take") chip.take(cards[uid] as EmulatedCard);
});

global.OBOLE_BOARD = createLinuxBoard({
  nfc: {
    write: function (data) {
      const copy = copyBytes(data, 0, data.length);
      setTimeout(() => chip.write(copy), 0);
    },
    onData: chip.onData,
    reset: chip.reset,
  },
  display: { write: () => undefined },
  keys: { onKey: () => undefined },
  tone: (hz) => setTimeout(() => say("tone " + hz), 0),
  // The interpreter has no quit() yet when this runs as its boot code.
  restart: () => quit(),
});
global.OBOLE_BOARD.log = (text) => say("log " + text);
