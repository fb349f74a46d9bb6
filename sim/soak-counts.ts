// What happened during a soak, by name and how often.

export type Counts = Map<string, number>;

/** Counts one more and gives back the value, so that a fault is counted where it is made. */
export function count<T>(counts: Counts, name: string, value: T): T {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return value;
}
