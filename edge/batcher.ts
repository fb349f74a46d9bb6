// Greedy batches, one at a time: whatever has arrived while one batch was written is the next one.
// No lingering, so an idle gateway answers after a single write, and a busy one finds large batches
// waiting.

/** A batch that failed is tried again for ever, in its order: nothing may be skipped, and nothing
 * was lost. */
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;

export type Batcher<T> = { push(item: T): void; waiting(): number };
export type BatcherOptions<T> = {
  sizeMax: number;
  run(items: T[]): Promise<void>;
  onFailure(error: unknown, retryMs: number): void;
  wait?: (milliseconds: number) => Promise<void>;
};

export function createBatcher<T>(options: BatcherOptions<T>): Batcher<T> {
  const queue: T[] = [];
  let running = 0;
  let draining = false;
  const drain = async (): Promise<void> => {
    while (queue.length) {
      const items = queue.splice(0, options.sizeMax);
      running = items.length;
      await runUntilDone(options, items);
      running = 0;
    }
    draining = false;
  };
  return {
    push(item) {
      queue.push(item);
      if (draining) return;
      draining = true;
      void drain();
    },
    waiting: () => queue.length + running,
  };
}

async function runUntilDone<T>(options: BatcherOptions<T>, items: T[]): Promise<void> {
  const wait = options.wait ?? sleep;
  for (let retryMs = RETRY_MS_MIN; ; retryMs = Math.min(RETRY_MS_MAX, retryMs * 2)) {
    try {
      return await options.run(items);
    } catch (error) {
      options.onFailure(error, retryMs);
      await wait(retryMs);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
