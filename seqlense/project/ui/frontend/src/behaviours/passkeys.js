// <form data-passkey="create|get" data-options='{…}' data-cancelled="…" data-failed="…" [data-conditional]>: asks the
// browser for a passkey, puts its answer (JSON) into the form's [data-passkey-answer] and sends the form. The button is
// [data-passkey-start]; [data-passkey-without] shows where the browser has no passkeys; [role=status] says what went wrong.
// With data-conditional the browser also offers passkeys in the field marked autocomplete="… webauthn".
const octets = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const listed = (descriptors = []) => descriptors.map((one) => ({ ...one, id: octets(one.id) }));

function question(kind, options) {
  const asked = { ...options, challenge: octets(options.challenge) };
  if (kind === "create") {
    asked.user = { ...options.user, id: octets(options.user.id) };
    asked.excludeCredentials = listed(options.excludeCredentials);
  } else {
    asked.allowCredentials = listed(options.allowCredentials);
  }
  return asked;
}

function answer(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = text(response.attestationObject);
    said.transports = response.getTransports?.() ?? [];
  } else {
    said.authenticatorData = text(response.authenticatorData);
    said.signature = text(response.signature);
    if (response.userHandle) said.userHandle = text(response.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: said,
  });
}

function attach(form) {
  const kind = form.dataset.passkey;
  const field = form.querySelector("[data-passkey-answer]");
  const start = form.querySelector("[data-passkey-start]");
  const status = form.querySelector("[role=status]");
  const options = JSON.parse(form.dataset.options);
  let waiting;

  const ask = async (mediation) => {
    waiting?.abort();
    waiting = new AbortController();
    const publicKey = question(kind, options);
    return navigator.credentials[kind]({ publicKey, signal: waiting.signal, ...(mediation && { mediation }) });
  };

  const send = (credential) => {
    field.value = answer(credential);
    form.requestSubmit();
  };

  const begin = async () => {
    status.textContent = "";
    start.setAttribute("aria-busy", "true");
    try {
      send(await ask());
    } catch (error) {
      status.textContent = error.name === "NotAllowedError" ? form.dataset.cancelled : form.dataset.failed;
    } finally {
      start.removeAttribute("aria-busy");
    }
  };

  start.hidden = false;
  start.addEventListener("click", begin);
  if (kind === "create") {
    form.addEventListener("submit", (event) => {
      if (field.value) return;
      event.preventDefault();
      if (form.reportValidity()) begin();
    });
  }
  if ("conditional" in form.dataset) {
    PublicKeyCredential.isConditionalMediationAvailable?.()
      .then((available) => available && ask("conditional").then(send))
      .catch(() => {}); // aborted by the button, or nothing chosen: the page stays as it is
  }
}

export default function passkeys() {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (window.PublicKeyCredential) {
    forms.forEach(attach);
    return;
  }
  for (const form of forms) {
    for (const words of form.querySelectorAll("[data-passkey-without]")) words.hidden = false;
  }
}
