// Passkeys: the only thing an account does that a page cannot do without a script.
// <form data-passkey="create|get" data-options='{…}' or data-options-from="/address/">
// holds a hidden input named "credential" and a button; the answer of the device is put there and sent.

const toBytes = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function opened(options) {
  const asked = { ...(options.publicKey || options) };
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((key) => ({ ...key, id: toBytes(key.id) }));
  }
  return asked;
}

function written(credential) {
  const answer = credential.response;
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = toText(answer[name]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

async function ask(form) {
  const publicKey = opened(await options(form));
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  form.elements.credential.value = written(credential);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const problem = form.querySelector("[data-passkey-problem]");
  if (!window.PublicKeyCredential) {
    const missing = form.querySelector("[data-passkey-missing]");
    if (missing) missing.hidden = false;
    continue;
  }
  for (const part of form.querySelectorAll("[data-passkey-ready]")) part.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (problem) problem.hidden = true;
    ask(form).catch(() => {
      if (problem) problem.hidden = false;
    });
  });
}
