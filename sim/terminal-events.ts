// A terminal as a stream of server-sent events, so that the page shows pixels and plays sounds as they happen.
// `display` carries the state and the pixels in base64, `tone` a frequency in hertz (0 is silence).

import type { IncomingMessage, ServerResponse } from "node:http";
import type { VirtualTerminal } from "./terminals.ts";

/** A display is drawn in several messages; they are shown together. Fast enough to look instant. */
const FRAME_MS = 30;

export function streamEvents(
  request: IncomingMessage,
  response: ServerResponse,
  terminal: VirtualTerminal,
): void {
  let frame: NodeJS.Timeout | undefined;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const send = (name: string, value: unknown): void =>
    void response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
  const sendDisplay = (): void => {
    frame = undefined;
    const pixels = Buffer.from(terminal.pixels()).toString("base64");
    send("display", { ...terminal.state(), pixels });
  };
  const unwatch = terminal.watch({
    onDisplay: () => void (frame ??= setTimeout(sendDisplay, FRAME_MS)),
    onTone: (hz) => send("tone", hz),
  });
  request.on("close", () => {
    unwatch();
    clearTimeout(frame);
  });
  sendDisplay();
}
