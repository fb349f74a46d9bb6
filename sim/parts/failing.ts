// Parts of a board of which one call throws, once, as the interpreter does when its memory is full
// or in pieces. Which call, a test chooses by its number, so that it can try them all.

export class NoMemory extends Error {}

export type Failing = {
  /** So many more calls succeed, and the next one throws. */
  failAfter(calls: number): void;
  hasFailed(): boolean;
  /** The same part, each function of which may be the one. */
  fragile<Part extends object>(part: Part): Part;
};

export function createFailing(): Failing {
  let left = Infinity;
  let failed = false;
  function pass(name: string): void {
    if (left-- > 0) return;
    left = Infinity;
    failed = true;
    throw new NoMemory(`${name}: not enough memory`);
  }
  return {
    failAfter(calls) {
      left = calls;
      failed = false;
    },
    hasFailed: () => failed,
    fragile(part) {
      const fragile = { ...part };
      for (const [name, value] of Object.entries(part))
        if (typeof value === "function")
          Object.assign(fragile, {
            [name]: (...given: unknown[]): unknown => {
              pass(name);
              return value(...given);
            },
          });
      return fragile;
    },
  };
}
