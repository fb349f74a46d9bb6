// The only time there is in a simulation: milliseconds that pass when they are told to, and what is due at which of
// them. A heap, because a million sales set some ten million timers.

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  after(delayMs: number, action: () => void): number;
  cancel(timer: number): void;
  /** Lets time pass and does what falls due, in the order in which it does. */
  advance(byMs: number): void;
};

type Timer = { atMs: number; id: number; action: () => void };

export function createClock(startMs: number): Clock {
  const heap: Timer[] = [];
  const pending = new Set<number>();
  let nowMs = startMs;
  let last = 0;

  function runUntil(untilMs: number): void {
    for (let next = heap[0]; next && next.atMs <= untilMs; next = heap[0]) {
      pop(heap);
      if (!pending.delete(next.id)) continue;
      nowMs = next.atMs;
      next.action();
    }
    nowMs = untilMs;
  }

  return {
    now: () => nowMs,
    after(delayMs, action) {
      push(heap, { atMs: nowMs + Math.max(0, delayMs), id: ++last, action });
      pending.add(last);
      return last;
    },
    cancel: (timer) => void pending.delete(timer),
    advance: (byMs) => runUntil(nowMs + byMs),
  };
}

/** Two timers of one moment go off in the order in which they were set. */
function isBefore(one: Timer, other: Timer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Timer;
    if (!isBefore(timer, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const timer = heap.pop();
  if (!timer || !heap.length) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    const right = heap[below + 1];
    if (right && isBefore(right, heap[below] as Timer)) below++;
    const child = heap[below];
    if (!child || !isBefore(child, timer)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = timer;
}
