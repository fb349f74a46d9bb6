// One virtual terminal in a process of its own, so that it can be killed like any other program. Orders come as lines of
// JSON on standard input. What a bystander hears and sees goes out as lines on standard output, a beep at the moment it
// sounds: what is in the pipe by then outlives this process.

import { readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TUNES } from "#firmware/drivers/buzzer.ts";
import { fromHex } from "#protocol/bytes.ts";
import { demoCards } from "./demo-cards.ts";
import { makeSchool } from "./school.ts";
import { openSecrets } from "./secrets.ts";
import type { CutMode } from "./parts/nor.ts";
import type { TapResult, TerminalState } from "./terminals.ts";
import { createTerminal } from "./terminals.ts";

/** keys are pressed before the card, in hex, is laid; look without both. */
export type Order = { keys?: number[]; card?: string };
/** Switches, on which nobody waits: the network; and death in the flash operation after so many others. */
export type Line = Order | { network: boolean } | { cut: number; mode: CutMode };
/** card: the one that lay there last. */
export type Beep = { beep: string };
export type Seen = TerminalState & Pick<TapResult, "heard">;

const ACCEPTED_HZ = TUNES.accepted[0]?.hz;

/** All that the process needs: where its school keeps its state, which terminal it is, where the broker is. */
export type Place = { stateFolder: string; folder: string; bundle: string; brokerPort: number };

export function argumentsOf(place: Place): string[] {
  return [fileURLToPath(import.meta.url), JSON.stringify(place)];
}

function say(line: Beep | Seen): void {
  writeSync(1, JSON.stringify(line) + "\n");
}

function live({ stateFolder, folder, bundle, brokerPort }: Place): void {
  const cardOf = demoCards(makeSchool(), openSecrets(stateFolder).cardSecret);
  const terminal = createTerminal({
    id: 0,
    label: "",
    folder,
    code: readFileSync(bundle, "latin1"),
    broker: { host: "127.0.0.1", port: brokerPort },
  });
  let laid = "";
  let isDoomed = false;
  terminal.watch({ onTone: (hz) => void (hz === ACCEPTED_HZ && say({ beep: laid })) });
  // The box has noticed that its power is gone. What stands in the flash is all that the next process finds.
  const die = (): void => {
    if (isDoomed && !terminal.state().powered) process.kill(process.pid, "SIGKILL");
  };
  terminal.watch({ onDisplay: die });
  let turn: Promise<unknown> = Promise.resolve();
  async function obey({ keys = [], card }: Order): Promise<void> {
    for (const key of keys) await terminal.key(key);
    if (card === undefined) return say({ ...terminal.state(), heard: undefined });
    laid = card;
    say(await terminal.tap(cardOf(fromHex(card))));
  }
  const orders = createInterface(process.stdin);
  orders.on("line", (text) => {
    const line = JSON.parse(text) as Line;
    if ("network" in line) terminal.network(line.network);
    else if ("cut" in line) {
      isDoomed = true;
      terminal.cutPowerAfter(line.cut, line.mode);
    } else turn = turn.then(() => obey(line));
  });
  // Whoever gave the orders is gone.
  orders.on("close", () => process.exit());
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  live(JSON.parse(process.argv[2] ?? "") as Place);
