// How often somebody may guess a password, without anybody being able to lock somebody else out: a browser in which
// this person has logged in before is counted by itself (OWASP, "Slow Down Online Guessing Attacks with Device
// Cookies"). Strangers are counted by address, by address and username, and by username: once the last is full,
// strangers must come by mail or passkey, and whoever owns the account still gets in.
// Pure: the gateway object keeps the state in memory, so that all Workers of the school count together; a restart of
// the object forgives, which costs an attacker more than it gives.

/** What was tried. device: of this person, and known; "" for a stranger. */
export type Attempt = { username: string; address: string; device: string };
export type Attempts = Map<string, { count: number; since: number }>;
/** later: in some minutes; byMail: this account takes no password from unknown devices for a while. */
export type Verdict = "try" | "later" | "byMail";

type Bucket = { key: string; max: number; seconds: number; full: Verdict };

/** A flood of invented usernames must not fill the memory. */
const KEYS_MAX = 50_000;

function bucketsOf({ username, address, device }: Attempt): Bucket[] {
  if (device) return [{ key: `device/${device}`, max: 8, seconds: 600, full: "later" }];
  return [
    { key: `pair/${address}/${username}`, max: 8, seconds: 600, full: "later" },
    // A whole school may come from one address.
    { key: `address/${address}`, max: 100, seconds: 600, full: "later" },
    { key: `username/${username}`, max: 50, seconds: 3600, full: "byMail" },
  ];
}

/** Counts the attempt before it is made, since many may be made at once. now in seconds since 1970. */
export function weigh(attempts: Attempts, attempt: Attempt, now: number): Verdict {
  const buckets = bucketsOf(attempt);
  const full = buckets.find(({ key, max, seconds }) => countIn(attempts, key, seconds, now) >= max);
  if (full) return full.full;
  if (attempts.size > KEYS_MAX) forget(attempts, now);
  for (const { key, seconds } of buckets) {
    const count = countIn(attempts, key, seconds, now);
    const since = count ? (attempts.get(key)?.since ?? now) : now;
    attempts.set(key, { count: count + 1, since });
  }
  return "try";
}

/** The password was right: this attempt was none, and what this browser missed before is forgiven. */
export function forgive(attempts: Attempts, attempt: Attempt): void {
  const [own, ...shared] = bucketsOf(attempt);
  if (own) attempts.delete(own.key);
  for (const { key } of shared) {
    const known = attempts.get(key);
    if (known) known.count = Math.max(0, known.count - 1);
  }
}

function countIn(attempts: Attempts, key: string, seconds: number, now: number): number {
  const known = attempts.get(key);
  return known && now - known.since < seconds ? known.count : 0;
}

/** The oldest first; what is left of them is of no use to anybody. */
function forget(attempts: Attempts, now: number): void {
  for (const [key, { since }] of attempts) if (now - since >= 3600) attempts.delete(key);
  for (const key of attempts.keys()) {
    if (attempts.size <= KEYS_MAX / 2) return;
    if (!key.startsWith("device/")) attempts.delete(key);
  }
}

/** An IPv6 customer has a whole /64 (RFC 6177); 2001:db8:1:2:a:b:c:d counts as 2001:db8:1:2. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const start = head ? head.split(":") : [];
  const end = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - start.length - end.length);
  const groups = [...start, ...Array.from({ length: zeros }, () => "0"), ...end];
  return groups.slice(0, 4).join(":");
}
