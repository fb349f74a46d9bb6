// Ends the parts of a start that was killed and could not end them itself. Reads "+pid" and "-pid"
// lines, one process group each, from its standard input; when that closes, whatever group is left
// is killed. Uses nothing of the project, because it must outlive all of it.

const groups = new Set<number>();
let rest = "";

process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + String(text)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const pid = Number(line.slice(1));
    if (line.startsWith("+")) groups.add(pid);
    else groups.delete(pid);
  }
});
process.stdin.on("close", () => {
  for (const pid of groups) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group ended by itself.
    }
  }
});
// Ctrl-C in a terminal reaches every process of the foreground; this one goes last, when its input
// closes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
