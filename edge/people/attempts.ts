// How often somebody may guess a password. Pure: the gateway object of the school keeps the state in memory, so
// that all Workers of the school count together; a restart of the object forgives, which costs an attacker more.

const FAILURES_MAX = 8;
const FORGET_AFTER_SECONDS = 600;
/** A flood of invented usernames must not fill the memory. */
const KEYS_MAX = 10_000;

export type Attempts = Map<string, { failures: number; since: number }>;

export function mayTry(attempts: Attempts, key: string, now: number): boolean {
  const known = attempts.get(key);
  return !known || now - known.since >= FORGET_AFTER_SECONDS || known.failures < FAILURES_MAX;
}

export function countFailure(attempts: Attempts, key: string, now: number): void {
  const known = attempts.get(key);
  if (known && now - known.since < FORGET_AFTER_SECONDS) {
    known.failures += 1;
    return;
  }
  if (attempts.size >= KEYS_MAX) attempts.clear();
  attempts.set(key, { failures: 1, since: now });
}

export function forgiveFailures(attempts: Attempts, key: string): void {
  attempts.delete(key);
}
