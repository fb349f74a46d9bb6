// Runs on the interpreter: how a box is worked from outside, over a TCP connection to CONTROL_PORT, one line a command or
// an answer. Without the connection the box ends.

declare const CONTROL_PORT: number;
declare function quit(): void;

/** obey gets the words of each line that comes in; what is returned says a line. */
export function openControl(obey: (words: string[]) => void): (line: string) => void {
  let received = "";
  const control = require("net").connect(
    { host: "127.0.0.1", port: CONTROL_PORT },
    () => undefined,
  );
  control.on("data", function (data) {
    received += data;
    const lines = received.split("\n");
    received = lines.pop() || "";
    lines.forEach((line) => obey(line.split(" ")));
  });
  control.on("close", () => quit());
  return (line) => control.write(line + "\n");
}
