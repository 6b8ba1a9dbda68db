// The panel of choices: tarteaucitron, told by the page what to ask (JSON in #choices) and kept from storing anything.
// `tarteaucitron` is the library's own variable: build.mjs puts its file, trimmed, in front of this one.
//
// What this visitor chose comes with the page, read by the server from a signed cookie that no script sees. The
// library asks and shows; each answer goes to the server, which keeps it. What may load is the browser's affair, by the
// content security policy that comes with each page: so an acceptance takes effect with the next page.
const told = JSON.parse(document.getElementById("choices").textContent);
const KEY = "K0"; // ids have small letters only, so that no key is the end of another: the library looks for parts of words
const ui = tarteaucitron.userInterface;
const chosen = new Map(told.services.map(({ id }) => [id, told.accepted.includes(id) ? true : told.refused.includes(id) ? false : null]));
const live = new Set(told.accepted); // what this very page may load
let how = "panel";
let opener = null;
let typed = false;
let waiting = 0;
const answered = new Map(); // since the last sending: what isn't answered anew keeps its date
let reloadWhenClosed = false;

const $ = (id) => document.getElementById(id);
const panelOpen = () => getComputedStyle($("tarteaucitron")).display !== "none";

// --- what the library would store ----------------------------------------------------------------------------------
tarteaucitron.cookie.read = () =>
  [...chosen].map(([id, yes]) => (yes === null ? "" : `!${KEY}${id}=${yes}`)).join("");

tarteaucitron.cookie.create = (key, status) => {
  if (status === "wait") return;
  const id = key.slice(KEY.length);
  chosen.set(id, String(status) === "true");
  answered.set(id, chosen.get(id));
  tarteaucitron.sendEvent("tac.consent_updated");
};
tarteaucitron.cookie.checkCount = () => {};
tarteaucitron.cookie.number = () => {};
tarteaucitron.pro = () => {};
Object.defineProperty(tarteaucitron, "reloadThePage", { get: () => false, set: () => {} }); // we say when

// --- the choice goes to the server -----------------------------------------------------------------------------------
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("choices");
others?.addEventListener("message", ({ data }) => {
  for (const id of live) if (!data.includes(id)) stop(id, data);
  renew();
});

document.addEventListener("tac.consent_updated", () => {
  clearTimeout(waiting);
  for (const [id, yes] of answered) if (!yes && live.has(id)) stop(id, accepted());
  waiting = setTimeout(send, 250);
});

async function send() {
  clearTimeout(waiting);
  if (!answered.size) return;
  const services = Object.fromEntries(answered);
  const act = how;
  answered.clear();
  how = "panel";
  try {
    const answer = await fetch(told.endpoint, {
      method: "POST",
      body: JSON.stringify({ services, how: act, language: told.language, shown: told.shown }),
      headers: { "Content-Type": "application/json" },
      keepalive: true,
    });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    say(told.texts.failed, told.texts.again, () => {
      for (const [id, yes] of Object.entries(services)) answered.has(id) || answered.set(id, yes);
      how = act;
      send();
    });
    return;
  }
  const now = accepted();
  others?.postMessage(now);
  const same = now.length === live.size && now.every((id) => live.has(id));
  if (same) say(told.texts.kept);
  else if (panelOpen()) reloadWhenClosed = true;
  else renew();
}

// --- what stops, what is loaded anew -----------------------------------------------------------------------------------
const accepted = () => [...chosen].filter(([, yes]) => yes).map(([id]) => id);

// What a service's script left on our host goes: cookies, also of the domains above, and what it stored.
function sweep(id) {
  const { cookies, stored } = told.services.find((one) => one.id === id);
  tarteaucitron.cookie.purge(cookies);
  for (const name of stored) for (const shelf of [localStorage, sessionStorage]) shelf.removeItem(name);
}

// At once: frames go, and a policy that this page gets now, on top of its own, shuts the hosts to scripts that still run.
function stop(id, left) {
  const gone = new Set(Object.values(told.services.find((one) => one.id === id).hosts).flat());
  for (const frame of document.querySelectorAll("iframe")) {
    if (!gone.has(new URL(frame.src, location.href).hostname)) continue;
    const stopped = document.createElement("p");
    stopped.className = "video-stopped";
    stopped.textContent = told.texts.stopped;
    frame.replaceWith(stopped);
  }
  const open = told.services.filter((one) => left.includes(one.id));
  const of = (kind) => open.flatMap(({ hosts }) => hosts[kind] ?? []).map((host) => ` https://${host}`).join("");
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = ["script", "connect", "img", "frame", "style", "font", "media"]
    .map((kind) => `${kind}-src 'self'${kind === "img" ? " data:" : ""}${of(kind)}`)
    .join(";");
  document.head.append(policy);
  sweep(id);
}

// A page that somebody is filling in isn't taken away: it says that the choice is kept, and offers to go on.
function renew() {
  if (typed) say(told.texts.later, told.texts.reload, () => location.reload());
  else location.reload();
}

document.addEventListener("input", ({ target }) => {
  typed ||= Boolean(target.form) && !target.closest("#tarteaucitronRoot");
});
document.addEventListener("submit", () => (typed = false));
window.addEventListener("pageshow", ({ persisted }) => persisted && !typed && location.reload()); // it may have been chosen since

function say(text, verb, act) {
  document.querySelector(".choices-said")?.remove();
  const box = document.createElement("div");
  box.className = "choices-said";
  box.setAttribute("role", "status");
  document.body.append(box);
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  const button = document.createElement("button");
  button.type = "button";
  button.className = verb ? "btn btn-quiet btn-small" : "btn-link-like";
  button.textContent = verb ?? told.texts.close;
  button.addEventListener("click", () => {
    box.remove();
    act?.();
  });
  box.append(button);
  if (!verb) setTimeout(() => box.remove(), 8000);
}

// --- ways in -------------------------------------------------------------------------------------------------------------
const respondAll = ui.respondAll;
ui.respondAll = (status, ...rest) => {
  how = status ? "accept_all" : "refuse_all";
  respondAll(status, ...rest);
};
const openPanel = ui.openPanel;
ui.openPanel = () => {
  opener = document.activeElement;
  openPanel();
};
window.addEventListener("tac.close_panel", async () => {
  const back = opener;
  opener = null;
  if (back?.offsetParent) back.focus();
  await send();
  if (reloadWhenClosed) {
    reloadWhenClosed = false;
    renew();
  }
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-load]");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  history.replaceState(null, "", `#${button.closest("[data-service]").id}`); // where the page is found again
  ui.respond($(`${KEY}${button.dataset.load}Allowed`), true);
  how = "placeholder";
});
for (const button of document.querySelectorAll("[data-load]")) {
  button.hidden = false;
}

// --- ask -------------------------------------------------------------------------------------------------------------------
const pending = told.services.filter(({ id }) => chosen.get(id) === null);
const names = (list) => new Intl.ListFormat(told.language).format(list.map(({ name }) => name));

function open() {
  tarteaucitron.lang = told.lang;
  tarteaucitron.lang.alertBigPrivacy = told.lang.alertBigPrivacy.replace("{services}", names(pending));
  tarteaucitron.job = [];
  for (const { id, name, type, cookies } of told.services) {
    const key = KEY + id;
    tarteaucitron.services[key] = { key, type, name, cookies, uri: "", needConsent: true, js() {}, fallback() {} };
    tarteaucitron.job.push(key);
  }
  tarteaucitron.init({
    hashtag: "#choices",
    cookieName: "choices",
    bodyPosition: "top",
    orientation: "bottom",
    highPrivacy: true,
    AcceptAllCta: true,
    DenyAllCta: true,
    moreInfoLink: false,
    privacyUrl: told.policy,
    useExternalJs: true,
    useExternalCss: true,
    alwaysNeedConsent: true,
    softConsentMode: true,
    serviceDefaultState: "wait",
    mandatory: true,
    mandatoryCta: false,
    showDetailsOnClick: false,
  });
  tarteaucitron.initEvents.loadEvent(false);
  document.querySelector(".skip-link")?.after($("tarteaucitronRoot")); // the way past everything stays the first
  document.querySelector("#tarteaucitronServices_mandatory .tarteaucitronName").insertAdjacentHTML("beforeend", told.texts.needed);
  if (told.signal) $("tarteaucitronInfo").insertAdjacentHTML("beforeend", told.texts.signal);
  for (const { id } of told.services) if (!live.has(id)) sweep(id); // of a consent that has ended by itself, too
  makeRoom();
}

// The banner never covers what has the focus: the page ends, and scrolls, above it.
function makeRoom() {
  const banner = $("tarteaucitronAlertBig");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--banner", `${banner.offsetHeight}px`);
  }).observe(banner);
}

// A browser that refuses for its owner, and says so to scripts only.
if (navigator.globalPrivacyControl && pending.length) {
  for (const { id } of pending.splice(0)) chosen.set(id, false);
  told.signal = true;
}
open();
const found = location.hash.startsWith("#video-") && $(location.hash.slice(1));
if (found) found.focus();
