// Goal: items leave in order, in as few batches as possible, one batch at a time, and a failure
// loses none of them. Method: a sink that is opened and closed by hand.

import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";

/** A sink whose batches end when told to. */
function handSink() {
  const batches: number[][] = [];
  const endings: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const waits: number[] = [];
  const batcher = createBatcher<number>({
    sizeMax: 3,
    run: (items) => {
      batches.push([...items]);
      return new Promise((resolve, reject) => endings.push({ resolve, reject }));
    },
    onFailure: (_error, retryMs) => waits.push(retryMs),
    wait: () => Promise.resolve(),
  });
  const settle = async (error?: Error): Promise<void> => {
    const ending = endings.shift();
    if (error) ending?.reject(error);
    else ending?.resolve();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { batches, waits, batcher, settle };
}

test("what arrives during a batch is the next one, up to its size", async () => {
  const { batches, batcher, settle } = handSink();
  for (const item of [1, 2, 3, 4, 5]) batcher.push(item);
  expect(batches).toEqual([[1]]);
  expect(batcher.waiting()).toBe(5);
  await settle();
  expect(batches).toEqual([[1], [2, 3, 4]]);
  await settle();
  await settle();
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  expect(batcher.waiting()).toBe(0);
  batcher.push(6);
  expect(batches.at(-1)).toEqual([6]);
});

test("a batch that fails is tried again before anything else, ever more slowly", async () => {
  const { batches, waits, batcher, settle } = handSink();
  batcher.push(1);
  batcher.push(2);
  await settle(new Error("away"));
  await settle(new Error("away"));
  expect(batches).toEqual([[1], [1], [1]]);
  expect(waits).toEqual([100, 200]);
  await settle();
  expect(batches.at(-1)).toEqual([2]);
});
