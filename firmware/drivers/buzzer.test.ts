// The tunes as the counter hears them: written as "hz for ms", played on timers moved by hand.

import { expect, test } from "vitest";
import { createManualTimers } from "#sim/manual-timers.ts";
import type { Tune } from "../screen.ts";
import { createBuzzer } from "./buzzer.ts";

function listen(play: (buzzer: { play(tune: Tune): void }, wait: (ms: number) => void) => void) {
  const timers = createManualTimers();
  const heard: string[] = [];
  let hz = 0;
  let since = 0;
  const tone = (next: number): void => {
    if (timers.now() > since && hz) heard.push(`${hz} for ${timers.now() - since}`);
    hz = next;
    since = timers.now();
  };
  play(createBuzzer({ tone, after: timers.after, cancel: timers.cancel }), timers.advance);
  timers.advance(5000);
  expect(hz, "silence at the end").toBe(0);
  return heard;
}

test.each([
  ["accepted: one clear high beep", "accepted", ["2600 for 140"]],
  ["refused: two low ones", "refused", ["330 for 160", "330 for 160"]],
  ["retry: two short ones in between", "retry", ["880 for 90", "880 for 90"]],
  ["key: a tick", "key", ["1800 for 15"]],
] as const)("%s", (_name, tune, expected) => {
  expect(listen((buzzer) => buzzer.play(tune))).toEqual(expected);
});

test("the last thing that happened is what is heard, in full", () => {
  const heard = listen((buzzer, wait) => {
    buzzer.play("key");
    wait(5);
    buzzer.play("accepted");
    wait(10);
    buzzer.play("refused");
  });
  expect(heard).toEqual(["1800 for 5", "2600 for 10", "330 for 160", "330 for 160"]);
});
