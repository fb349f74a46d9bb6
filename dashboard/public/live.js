// Live pages: when the school's events say that something happened, the page is fetched again and its parts marked
// data-live are brought up to date. Without this script every page works; one reloads it by hand.

const QUIET_MS = 150;
const parts = () => document.querySelectorAll("[data-live]");
let waiting = 0;
let isFetching = false;
let isStale = false;

function showState(state) {
  for (const mark of document.querySelectorAll("[data-live-state]"))
    mark.hidden = mark.dataset.liveState !== state;
}

/** Many purchases in a moment are one refresh, and there is never more than one under way. */
function refreshSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, QUIET_MS);
}

async function refresh() {
  isStale = isFetching;
  if (isFetching) return;
  isFetching = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    // A session that has ended leads to the log-in page: there is nothing to take from it.
    if (answer.redirected) return location.reload();
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } finally {
    isFetching = false;
    if (isStale) refreshSoon();
  }
}

function take(fresh) {
  for (const part of parts()) {
    const next = fresh.getElementById(part.id);
    if (!next || next.innerHTML === part.innerHTML) continue;
    const rows = part.querySelector("[data-live-rows]");
    const nextRows = next.querySelector("[data-live-rows]");
    if (rows && nextRows) takeRows(rows, nextRows);
    else part.replaceChildren(...next.childNodes);
  }
}

/** Rows that are known stay the same elements, so that a focused link keeps its focus; new ones are marked. */
function takeRows(rows, nextRows) {
  const known = new Map([...rows.children].map((row) => [row.id, row]));
  const next = [...nextRows.children].map((row) => {
    const same = known.get(row.id);
    if (same) return same;
    row.classList.add("new");
    return row;
  });
  const kept = new Set(next);
  for (const row of [...rows.children]) if (!kept.has(row)) row.remove();
  next.forEach((row, index) => {
    if (rows.children[index] !== row) rows.insertBefore(row, rows.children[index] ?? null);
  });
}

const events = new EventSource("/events");
events.onopen = () => {
  showState("on");
  // What happened while nobody listened.
  refreshSoon();
};
events.onmessage = refreshSoon;
events.onerror = () => showState("off");
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refreshSoon();
});
