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

/** undefined: every event; otherwise only those of these students, or of these kinds. */
type Listener = {
  writer: WritableStreamDefaultWriter<Uint8Array>;
  students: Set<number> | undefined;
  kinds: Set<string> | undefined;
};
export type Stage = { listeners: Set<Listener> };

/** A browser tab that sleeps is found gone at the next beat. */
const BEAT_MS = 25_000;
/** A school has some dozens of open pages; more is an attack, and the pages work without events. */
export const LISTENERS_MAX = 500;

const encoder = new TextEncoder();

/** Opens a stream of events: "?students=4,9" or "?kinds=terminal"; without either, all of the school. */
export function openStream(stage: Stage, query: URLSearchParams): Response {
  if (stage.listeners.size >= LISTENERS_MAX) return new Response(null, { status: 503 });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const students = listIn(query, "students");
  const listener: Listener = {
    writer: writable.getWriter(),
    students: students && new Set([...students].map(Number)),
    kinds: listIn(query, "kinds"),
  };
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

/** undefined when the query does not name it at all: an empty list is one in which nothing is. */
function listIn(query: URLSearchParams, name: string): Set<string> | undefined {
  const list = query.get(name);
  return list === null ? undefined : new Set(list.split(",").filter(Boolean));
}

export function broadcast(stage: Stage, event: SchoolEvent): void {
  for (const listener of stage.listeners)
    if (mayHear(listener, event)) say(listener, `data: ${JSON.stringify(event)}\n\n`);
}

function mayHear({ students, kinds }: Listener, event: SchoolEvent): boolean {
  const isTheirs = !students || ("student" in event && students.has(event.student));
  return isTheirs && (!kinds || kinds.has(event.kind));
}

/** A listener that is gone makes its own stream close; nobody else waits for it. */
function say(listener: Listener, text: string): void {
  listener.writer.write(encoder.encode(text)).catch(() => undefined);
}
