// Timers that only move when told to: a test plays minutes of back-off and keepalive without waiting.

export type ManualTimers = {
  after(delayMs: number, action: () => void): number;
  cancel(timer: number): void;
  /** Milliseconds since these timers began. */
  now(): number;
  /** Lets time pass and runs what falls due, in the order in which it does. */
  advance(byMs: number): void;
};

export function createManualTimers(): ManualTimers {
  const timers = new Map<number, { atMs: number; action: () => void }>();
  let nowMs = 0;
  let last = 0;
  const earliest = () =>
    [...timers].toSorted(([a, left], [b, right]) => left.atMs - right.atMs || a - b)[0];
  return {
    after(delayMs, action) {
      timers.set(++last, { atMs: nowMs + delayMs, action });
      return last;
    },
    cancel: (timer) => void timers.delete(timer),
    now: () => nowMs,
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (let next = earliest(); next && next[1].atMs <= untilMs; next = earliest()) {
        nowMs = next[1].atMs;
        timers.delete(next[0]);
        next[1].action();
      }
      nowMs = untilMs;
    },
  };
}
