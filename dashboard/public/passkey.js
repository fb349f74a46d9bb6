// Passkeys (W3C WebAuthn level 3): logging in with one, and adding one to an account. Without it the forms stay hidden
// and passwords work as ever.

const parse = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function call(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: body ?? "{}",
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function use(form) {
  const options = await call("/log-in/passkey/challenge");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  await call("/log-in/passkey", JSON.stringify(credential));
  location.assign(form.dataset.to);
}

async function add(form) {
  const options = await call("/account/passkeys/challenge");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  const name = form.elements.name.value || navigator.userAgentData?.platform || "";
  await call(`/account/passkeys?name=${encodeURIComponent(name)}`, JSON.stringify(credential));
  location.assign("/account?done=passkey#passkeys");
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!parse) break;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = form.querySelector(".problem");
    problem.hidden = true;
    const ceremony = form.dataset.passkey === "use" ? use(form) : add(form);
    ceremony.catch(() => {
      problem.hidden = false;
    });
  });
}
