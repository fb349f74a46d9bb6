// On the page of a movement: fetches its receipt, checks it here, and shows each step by uncovering the words that the
// page has brought along. Without this script the receipt can still be downloaded.

import { checkReceipt } from "/receipt-check.js";

const section = document.getElementById("receipt");
const button = section?.querySelector("button");

function show(steps) {
  for (const item of section.querySelectorAll("[data-step]")) {
    item.hidden = false;
    for (const words of item.querySelectorAll("[data-result]"))
      words.hidden = words.dataset.result !== steps[item.dataset.step];
  }
}

/** What was signed, in the reader's own way of writing. */
function showSigned(said) {
  const list = section.querySelector("[data-signed]");
  if (!list || !said) return;
  const { lang } = document.documentElement;
  const euro = new Intl.NumberFormat(lang, { style: "currency", currency: "EUR" });
  const values = {
    terminal: said.terminal,
    seq: said.seq,
    time: new Date(said.time * 1000).toLocaleString(lang, { timeZone: "Europe/Brussels" }),
    total: euro.format(said.totalCents / 100),
  };
  for (const field of list.querySelectorAll("[data-field]"))
    field.textContent = String(values[field.dataset.field]);
  list.hidden = false;
}

async function check() {
  const failed = section.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const answer = await fetch(section.dataset.receipt);
    if (!answer.ok) throw new Error(`receipt: ${answer.status}`);
    const { steps, said } = await checkReceipt(
      await answer.json(),
      JSON.parse(section.dataset.shown),
    );
    show(steps);
    showSigned(said);
  } catch {
    failed.hidden = false;
  }
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", check);
}
