// Server-sent events (HTML living standard, section 9.2): tells open pages that something happened,
// right after it is in the ledger. Small facts by number; the page that hears them reads the rest
// as the person it is shown to.

export type SchoolEvent =
  | {
      kind: "purchase" | "void";
      terminal: number;
      seq: number;
      student: number;
      cents: number;
      outcome: string;
    }
  | { kind: "topUp"; student: number; cents: number }
  | { kind: "correction"; student: number }
  | { kind: "terminal"; terminal: number };

/** undefined: every event; otherwise only those of these students. */
type Listener = {
  writer: WritableStreamDefaultWriter<Uint8Array>;
  students: Set<number> | undefined;
};
export type Stage = { listeners: Set<Listener> };

/** A browser tab that sleeps is found gone at the next beat. */
const BEAT_MS = 25_000;
/** A school has some dozens of open pages; more is an attack, and the pages work without events. */
export const LISTENERS_MAX = 500;

const encoder = new TextEncoder();

/** Opens a stream of events; students as in "?students=4,9", absent for all of the school. */
export function openStream(stage: Stage, students: string | null): Response {
  if (stage.listeners.size >= LISTENERS_MAX) return new Response(null, { status: 503 });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const only =
    students === null ? undefined : new Set(students.split(",").filter(Boolean).map(Number));
  const listener: Listener = { writer: writable.getWriter(), students: only };
  stage.listeners.add(listener);
  const beat = setInterval(() => say(listener, ": beat\n\n"), BEAT_MS);
  listener.writer.closed
    .catch(() => undefined)
    .finally(() => {
      clearInterval(beat);
      stage.listeners.delete(listener);
    });
  say(listener, "retry: 1000\n\n");
  return new Response(readable, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

export function broadcast(stage: Stage, event: SchoolEvent): void {
  for (const listener of stage.listeners)
    if (!listener.students || ("student" in event && listener.students.has(event.student)))
      say(listener, `data: ${JSON.stringify(event)}\n\n`);
}

/** A listener that is gone makes its own stream close; nobody else waits for it. */
function say(listener: Listener, text: string): void {
  listener.writer.write(encoder.encode(text)).catch(() => undefined);
}
