// The kiosk: empties itself between two people, and keeps the ballots through a cut, locked, until they are counted.
// Each ballot is encrypted under a key that this browser made and gives to nobody, not even to this script.
const one = (selector, inside = document) => inside.querySelector(selector);
const body = document.body;
const form = one("form[data-ballot]");
const main = one("main");
const consultation = body.dataset.consultation;
const alone = body.dataset.kiosk === "kiosk";
const IDLE = Number(body.dataset.idle || 90) * 1000;
const LAST = Number(body.dataset.last || 30) * 1000;
const THANKS = Number(body.dataset.thanks || 45) * 1000;
const status = one("[data-queue]");
let lost = 0;
let shut = false;

/* The locked drawer */
const canLock = Boolean(window.indexedDB && window.crypto && crypto.subtle);

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

let drawer = null;
function open() {
  if (!drawer) {
    const request = indexedDB.open("maillage-borne", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("queue", { keyPath: "id" });
    };
    drawer = asked(request);
  }
  return drawer;
}

async function store(name, mode) { return (await open()).transaction(name, mode).objectStore(name); }

async function lockKey() {
  const found = await asked((await store("keys", "readonly")).get("key"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await asked((await store("keys", "readwrite")).put(made, "key"));
  return made;
}

function random(bytes) {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode.apply(null, drawn)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

async function put(parcel) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  // Of one length for all: what waits says nothing of what it holds.
  const plain = new TextEncoder().encode(parcel + "&".repeat((512 - (parcel.length % 512)) % 512));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await lockKey(), plain);
  const id = random(12);  // in no order
  await asked((await store("queue", "readwrite")).put({ id, consultation, iv, data }));
  return id;
}

async function take(id) { await asked((await store("queue", "readwrite")).delete(id)); }

async function held() {
  if (!canLock) return [];
  const all = await asked((await store("queue", "readonly")).getAll());
  return all.filter((row) => row.consultation === consultation);
}

async function tell() {
  const n = (await held()).length;
  const parts = [];
  if (n) parts.push(status.dataset.waiting.replace("{n}", n));
  if (lost) parts.push(status.dataset.lost.replace("{n}", lost));
  if (shut) parts.push(status.dataset.shutWords);
  if (!canLock) parts.push(status.dataset.insecure);
  const words = parts.join(" · ");
  if (status.textContent !== words) status.textContent = words;
  return n;
}

/* Sending */
async function post(parcel) {
  try {
    const abort = window.AbortController ? new AbortController() : null;
    const late = abort ? setTimeout(() => abort.abort(), 20000) : 0;
    const response = await fetch(body.dataset.home, {
      method: "POST", body: parcel, credentials: "same-origin", signal: abort ? abort.signal : undefined,
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    });
    clearTimeout(late);
    return response.status < 500 ? await response.json() : null;
  } catch (error) { return null; }
}

const FOR_GOOD = ["closed", "errors", "code_unknown", "code_used", "code_missing", "blank", "postal_missing", "postal_outside"];
let emptying = false;

async function empty(except) {
  if (emptying || !canLock) return;
  emptying = true;
  try {
    const rows = (await held()).filter((row) => row.id !== except);
    for (let left = rows.length - 1; left > 0; left -= 1) {  // drawn by lot
      const other = Math.floor(Math.random() * (left + 1));
      [rows[left], rows[other]] = [rows[other], rows[left]];
    }
    const key = await lockKey();
    for (const row of rows) {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, key, row.data);
      const parcel = new TextDecoder().decode(plain).replace(/&+$/, "");
      const answer = await post(`${parcel}&as_is=1&blank=1`);
      if (!answer) break;
      shut = answer.state === "shut";
      if (answer.state === "counted") await take(row.id);
      else if (FOR_GOOD.includes(answer.state)) { await take(row.id); lost += 1; } else break;
    }
  } finally {
    emptying = false;
    await tell();
  }
}

let busy = false;

async function send() {
  if (busy) return;
  busy = true;
  const button = one(".call", form);
  button.disabled = true;
  const parcel = new URLSearchParams(Array.from(new FormData(form).entries())).toString();
  let id = "";
  try { if (canLock) id = await put(parcel); } catch (error) { id = ""; }
  const answer = await post(parcel);
  busy = false;
  button.disabled = false;
  if (answer && answer.state === "counted") {
    if (id) await take(id);
    thanks("thanks", answer);
  } else if (answer && answer.state !== "shut" && answer.state !== "slow_down") {
    if (id) await take(id);
    trouble(answer);
  } else if (id) {
    shut = Boolean(answer && answer.state === "shut");
    thanks("kept", {});
  } else {
    one("[data-status]").textContent = one("[data-status]").dataset.waiting;
  }
  await tell();
}

function trouble(answer) {
  one("[data-status]").textContent = answer.words;
  one("[data-status]").classList.add("bad");
  if (answer.state === "blank" && !form.elements.blank) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "blank", value: "1" });
    form.appendChild(field);
    one(".call", form).textContent = one("#blank-words").content.textContent.trim();
  }
  if (answer.state.startsWith("code_")) form.elements.code.focus();
}

/* From one person to the next */
let label = "";
let clock = 0;
let over = null;

function thanks(name, answer) {
  window.speechSynthesis && window.speechSynthesis.cancel();
  Array.from(main.children).forEach((child) => { child.hidden = !child.classList.contains("strip"); });
  const page = document.importNode(document.getElementById(name).content, true);
  if (answer.receipt) one("[data-receipt]", page).textContent = answer.receipt;
  if (answer.words) { one("[data-told]", page).textContent = answer.words; one("[data-told]", page).hidden = false; }
  page.appendChild(document.importNode(document.getElementById("done").content, true));
  const box = document.createElement("div");
  box.id = "after";
  box.appendChild(page);
  main.appendChild(box);
  one("[data-done]", box).addEventListener("click", renew);
  one("h1", box).focus();
  window.scrollTo(0, 0);
  form.reset();
  clearTimeout(clock);
  if (alone) clock = setTimeout(renew, THANKS);
}

function renew() {
  clearTimeout(clock);
  if (over) over.remove();
  over = null;
  const after = document.getElementById("after");
  if (after) after.remove();
  window.speechSynthesis && window.speechSynthesis.cancel();
  const elsewhere = location.pathname !== body.dataset.home || location.search || form.dataset.state;
  if (elsewhere && navigator.onLine) { form.reset(); location.replace(body.dataset.home); return; }
  form.reset();
  if (form.elements.blank) form.elements.blank.remove();
  form.elements.nonce.value = random(18);
  one(".call", form).textContent = label;
  one("[data-status]").textContent = "";
  one("[data-status]").classList.remove("bad");
  Array.from(main.children).forEach((child) => { child.hidden = false; });
  document.querySelectorAll("details[open]").forEach((part) => { part.open = false; });
  form.dispatchEvent(new CustomEvent("ballot:reset"));
  main.focus();
  window.scrollTo(0, 0);
}

function ask() {
  over = document.importNode(document.getElementById("there").content, true).firstElementChild;
  body.appendChild(over);
  one("[data-here]", over).addEventListener("click", () => { over.remove(); over = null; watch(); });
  one("[data-erase-now]", over).addEventListener("click", renew);
  over.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const buttons = Array.from(over.querySelectorAll("button"));
    event.preventDefault();
    buttons[(buttons.indexOf(document.activeElement) + 1) % buttons.length].focus();
  });
  one("[data-here]", over).focus();
  clock = setTimeout(renew, LAST);
}

function watch() {
  if (!alone || over || document.getElementById("after")) return;
  clearTimeout(clock);
  clock = setTimeout(ask, IDLE);
}

function begin() {
  // A page that was kept has the number of the day it was: two people would have one ballot.
  if (!form.dataset.state) form.elements.nonce.value = random(18);
  label = one(".call", form) ? one(".call", form).textContent : "";
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  ["input", "click", "keydown", "touchstart", "scroll"].forEach((name) => {
    document.addEventListener(name, watch, { passive: true });
  });
  // « back » shows nobody's answers: the form is emptied as one leaves, and a page kept by the browser begins anew.
  window.addEventListener("pagehide", () => form.reset());
  window.addEventListener("pageshow", (event) => { if (event.persisted) renew(); });
}

/* Opened again without network: the empty page is kept, by a worker that sees the kiosk's address alone */
const home = new URL(body.dataset.home, location.href).href;
const shelf = `maillage-borne-${home}`;
const canKeep = Boolean(canLock && navigator.serviceWorker && window.caches);

async function keep() {
  if (!canKeep) return;
  try {
    if (!form) { await caches.delete(shelf); return; }  // closed: nothing is asked any more
    await navigator.serviceWorker.register(body.dataset.worker, { scope: home });
    const kept = await caches.open(shelf);
    const dress = performance.getEntriesByType("resource").map((entry) => entry.name)
      .filter((name) => /\.(css|js|woff2)(\?|$)/.test(name) && new URL(name).origin === location.origin);
    await kept.addAll(Array.from(new Set(dress)));
    const page = await fetch(home, { credentials: "same-origin", cache: "no-store" });
    if (page.ok && !page.redirected) await kept.put(home, page);
    body.dataset.kept = "";
  } catch (error) { /* without network, or without room: what was kept before stays */ }
}

async function unkeep() {
  if (!canKeep) return;
  await caches.delete(shelf);
  const worker = await navigator.serviceWorker.getRegistration(home);
  if (worker) await worker.unregister();
}

const full = one("[data-full]");
if (full && document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen();
  });
}
const close = one("[data-shut]");
close.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (close.dataset.asked) { await unkeep(); close.form.submit(); return; }
  close.dataset.asked = "1";
  if (await tell()) { close.textContent = status.dataset.sure; return; }
  await unkeep();
  close.form.submit();
});
window.addEventListener("online", () => empty());
setInterval(() => { if (!busy) empty(); }, Number(body.dataset.again || 20) * 1000);
if (form) begin();
tell().then(() => empty()).then(keep);
