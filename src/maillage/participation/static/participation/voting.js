// The ballot, made easier: counted as one goes, read aloud, kept on the device until it is sent, sent again by itself
// after a cut. All works without it. For engines of 2018.
const form = document.querySelector("form[data-ballot]");
const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));
const one = (selector, inside = document) => inside.querySelector(selector);

/* Kept on the device: the answers, never the code nor what is asked about oneself; gone once sent, or after a week. Shown
   again by a reload, else to who says that they are theirs. */
const WEEK = 7 * 24 * 3600 * 1000;
const PRIVATE = /^(code|postal|receipt|about-.*|blank|steps|langue)$/;
const key = form ? `maillage-ballot-${form.dataset.ballot}` : "";
const kiosk = Boolean(form && form.dataset.kiosk !== undefined);
const memory = {
  read() {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && found.at > Date.now() - WEEK ? found : null;
    } catch (error) { return null; }
  },
  write(value) {
    if (this.off) return false;
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (error) { return false; }
  },
  erase() { try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ } },
};

function fields() {
  return Array.from(new FormData(form).entries()).filter(([name, value]) => typeof value === "string");
}

function body() { return new URLSearchParams(fields()).toString(); }

function say(words) { const status = one("[data-status]"); if (status) status.textContent = words; }

function words(name) { return one("[data-status]").dataset[name]; }

function answered(item) {
  return all("input, select, textarea", item).some((field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked && field.dataset.none === undefined;
    return field.type !== "hidden" && field.value.trim() !== "";
  });
}

function look(row) {
  const parent = one(`[id="${row.dataset.depends}"]`, form);
  row.hidden = Boolean(parent && parent.hidden) || !all("input:checked", form).some(
    (field) => field.name === row.dataset.depends && row.dataset.in.split(" ").includes(field.value));
  if (row.hidden) row.setAttribute("data-off", ""); else row.removeAttribute("data-off");
  all("[data-if]", row).forEach((words) => { words.hidden = true; });
}

function refresh() {
  all("[data-depends]", form).forEach(look);
  const items = all("[data-item]:not([data-off])", form);
  const done = items.map(answered);
  const count = one("[data-count]", form);
  if (count && items.length) {
    const n = done.filter(Boolean).length;
    const told = one("[data-count-words]", count);
    told.textContent = told.dataset.words.replace("{n}", n).replace("{total}", items.length);
    refill(one("[data-marks]", count), done.map(mark));
    count.hidden = false;
  }
  all(".grade", form).forEach((label) => label.classList.toggle("on", one("input", label).checked));
  all("[data-purse]", form).forEach(purse);
}

function mark(is) {
  const made = document.createElement("i");
  if (is) made.className = "done";
  return made;
}

function refill(parent, children) {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  children.forEach((child) => parent.appendChild(child));
}

function purse(box) {
  const step = box.parentElement;
  const spent = all("input[data-cost]:checked", step).reduce((sum, field) => sum + Number(field.dataset.cost), 0);
  const left = Number(box.dataset.purse) - spent;
  const lang = document.documentElement.lang.startsWith("en") ? "en-CA" : "fr-CA";
  one("[data-left-figure]", box).textContent = new Intl.NumberFormat(lang, {
    style: "currency", currency: "CAD", currencyDisplay: "symbol", minimumFractionDigits: left % 100 ? 2 : 0,
  }).format(left / 100);
  one("[data-left]", box).hidden = false;
  one("[data-over]", box).hidden = left >= 0 || box.dataset.most !== undefined;
}

function voices() {
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) return;
  let now = null;
  let turn = 0;
  let kept = [];  // an utterance that nothing holds may never say that it ended
  const still = () => { if (now) now.setAttribute("aria-pressed", "false"); now = null; };
  // What is cancelled says « ended » late, when another one already speaks: only the last one asked for is listened to.
  const ended = (asked) => () => { if (asked === turn) still(); };
  const show = () => all("[data-listen]").forEach((button) => { button.hidden = !speech.getVoices().length; });
  if (speech.addEventListener) speech.addEventListener("voiceschanged", show);
  show();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen]");
    if (!button) return;
    const again = button === now;
    speech.cancel();
    still();
    if (again) return;
    now = button;
    button.setAttribute("aria-pressed", "true");
    const around = button.dataset.listen === "page" ? one(".intro") : button.closest("[data-item], .item");
    turn += 1;
    kept = [];
    breaths(phrases(around)).forEach((phrase, index, every) => {
      const spoken = new SpeechSynthesisUtterance(phrase.words);
      spoken.lang = phrase.lang;
      spoken.rate = 0.95;
      spoken.onerror = ended(turn);
      if (index === every.length - 1) spoken.onend = ended(turn);
      kept.push(spoken);
      speech.speak(spoken);
    });
    if (!kept.length) still();
  });
  window.addEventListener("pagehide", () => speech.cancel());
}

// Each part in its own language.
function phrases(around) {
  const texts = all("[data-say], .grade span, .score span, .error", around);
  const found = [];
  texts.filter((text) => text.offsetParent && !texts.some((up) => up !== text && up.contains(text))).forEach((text) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let last = null;
    while (walker.nextNode()) {
      const words = walker.currentNode.data.replace(/\s+/g, " ");
      const lang = walker.currentNode.parentElement.closest("[lang]").lang;
      if (last && (last.lang === lang || !words.trim())) last.words += words;
      else if (words.trim()) { last = { words, lang }; found.push(last); }
    }
  });
  found.forEach((phrase) => { phrase.words = phrase.words.trim(); });
  return found;
}

// Some engines fall silent after fifteen seconds.
function breaths(found) {
  const short = [];
  found.forEach((phrase) => {
    const parts = phrase.words.length < 160 ? [phrase.words] : phrase.words.match(/[^.!?;:]+[.!?;:]*\s*/g) || [phrase.words];
    parts.forEach((words) => { if (words.trim()) short.push({ words: words.trim(), lang: phrase.lang }); });
  });
  return short;
}

let screens = [];
let shown = 0;

function screenByScreen() {
  screens = all("[data-screen]", form);
  const alone = all(".step", form).filter((step) => !one("[data-screen]", step));
  screens = all("[data-screen], .step", form).filter((part) => part.dataset.screen !== undefined || alone.includes(part));
  if (screens.length < 2) return;
  const bar = document.createElement("div");
  bar.className = "steps-nav wrap narrow";
  const make = (label, move) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = move < 0 ? "quiet" : "";
    button.textContent = label;
    button.addEventListener("click", () => go(shown + move, true));
    bar.appendChild(button);
    return button;
  };
  const back = make(words("previous"), -1);
  const on = make(words("next"), 1);
  const send = one(".send", form);
  send.parentElement.insertBefore(bar, send);
  const note = one(".sheet > .callout", form);
  go = (to, move) => {
    shown = Math.max(0, Math.min(to, screens.length - 1));
    screens.forEach((screen, index) => { screen.hidden = index !== shown; });
    all(".step", form).forEach((step) => {
      const inside = all("[data-screen]", step);
      if (inside.length) step.hidden = inside.every((screen) => screen.hidden);
    });
    const last = shown === screens.length - 1;
    back.disabled = shown === 0;
    on.hidden = last;
    one(".call", send).hidden = !last;
    if (note) note.hidden = !last;
    one(".intro").classList.toggle("sr", shown > 0);
    if (move) {
      const screen = screens[shown];
      screen.tabIndex = -1;
      screen.focus();
      window.scrollTo(0, 0);
    }
  };
  const wrong = screens.findIndex((screen) => one(".bad, [aria-invalid]", screen));
  go(Math.max(0, wrong), false);
  all("#trouble a").forEach((link) => link.addEventListener("click", () => {
    const target = document.getElementById(link.hash.slice(1));
    const found = screens.findIndex((screen) => screen.contains(target));
    if (found >= 0) go(found, true);
  }));
}
let go = () => {};

let sending = false;
let waiting = 0;
let parcel = "";  // sent again as it was
let locked = [];

async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(waiting);
  const button = one(".call", form);
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.sending;
  parcel = parcel || body();
  let answer = null;
  try {
    const abort = window.AbortController ? new AbortController() : null;
    if (abort) setTimeout(() => abort.abort(), 30000);
    const response = await fetch(form.action, {
      method: "POST", body: parcel, credentials: "same-origin", signal: abort ? abort.signal : undefined,
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    });
    answer = response.status < 500 || response.status === 503 ? await response.json() : null;
  } catch (error) { answer = null; }
  sending = false;
  button.disabled = false;
  button.textContent = label;
  if (!answer) { hold(); return; }
  if (answer.state === "counted") { finish(answer); return; }
  if (answer.state === "busy") lock(true);
  else { lock(false); parcel = ""; }
  if (["slow_down", "busy", "key_lost"].includes(answer.state)) {
    say(answer.words + " " + words("again"));
    waiting = setTimeout(send, 30000);
    return;
  }
  if (answer.state === "closed") memory.erase();
  leaving = true;
  form.submit();
}

// It may have arrived: another one would count too.
function lock(on) {
  if (on && !locked.length) {
    memory.write(draft(true));
    locked = all("input:not([type=hidden]), select, textarea", form).filter((field) => !field.disabled);
  }
  locked.forEach((field) => { field.disabled = on; });
  if (!on) locked = [];
}

function hold() {
  lock(true);
  say(words("waiting"));
  one(".status").classList.add("bad");
  waiting = setTimeout(send, 15000);
}

let leaving = false;

function finish(answer) {
  const nonce = form.elements.nonce.value;
  memory.write({ sent: nonce, at: Date.now() });  // the other tabs hear of it
  memory.erase();
  const page = document.importNode(document.getElementById("thanks").content, true);
  one("[data-receipt]", page).textContent = answer.receipt;
  if (answer.words) {
    one("[data-told]", page).textContent = answer.words;
    one("[data-told]", page).hidden = false;
  }
  const main = one("main");
  refill(main, [page]);
  window.scrollTo(0, 0);
  one("#t-recu").focus();
}

function draft(pressed) {
  const kept = fields().filter(([name]) => !PRIVATE.test(name));
  return { at: Date.now(), nonce: form.elements.nonce.value, kept, pressed };
}

function remember() {
  if (kiosk || form.dataset.closed !== undefined) return;
  one("[data-ask]").hidden = true;
  if (memory.write(draft(false)) && !waiting && !told) {
    told = true;
    say(words("saved"));
    setTimeout(() => { if (!waiting) say(""); }, 6000);
  }
}
let told = false;

function recall() {
  const found = memory.read();
  if (memory.write(found || {})) one("[data-keeps]").hidden = false;
  if (!found) memory.erase();
  one("[data-nokeep]").addEventListener("click", () => {
    memory.erase();
    memory.off = true;
    one("[data-keeps]").textContent = one("[data-keeps]").dataset.kept;
    one("[data-ask]").hidden = true;
  });
  all("[data-erase]").forEach((button) => button.addEventListener("click", () => {
    memory.erase();
    leaving = true;
    location.reload();
  }));
  if (!found || !found.kept || form.dataset.state || form.elements.receipt) return;
  if ((performance.getEntriesByType("navigation")[0] || {}).type === "reload") {
    restore(found);
    if (found.pressed && !form.elements.code && !form.elements.postal) setTimeout(send);
    return;
  }
  one("[data-ask]").hidden = false;
  one("[data-mine]").addEventListener("click", () => {
    const mine = memory.read();
    if (mine && mine.kept) { restore(mine); form.dispatchEvent(new Event("change")); }
    one("[data-ask]").hidden = true;
  });
}

function restore(found) {
  const values = {};
  found.kept.forEach(([name, value]) => { (values[name] = values[name] || []).push(value); });
  let some = false;
  Array.from(form.elements).forEach((field) => {
    if (!field.name || field.name === "nonce" || !values[field.name]) return;
    if (field.type === "radio" || field.type === "checkbox") field.checked = values[field.name].includes(field.value);
    else field.value = values[field.name][0];
    some = some || field.checked || (field.type !== "radio" && field.type !== "checkbox" && field.value !== "");
  });
  if (!some) return;
  form.elements.nonce.value = found.nonce;
  one("[data-found]").hidden = false;
}

function begin() {
  if (form.dataset.closed !== undefined) memory.erase();
  else if (!kiosk) {
    recall();
    window.addEventListener("storage", (event) => {
      if (event.key !== key || !event.newValue) return;
      const told = JSON.parse(event.newValue);
      if (told.sent !== form.elements.nonce.value) return;
      say(words("elsewhere"));
      one("[data-ask]").hidden = true;
      one(".call", form).disabled = true;
      leaving = true;
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); if (!leaving) send(); });
    window.addEventListener("online", () => { if (waiting) send(); });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) location.replace(location.pathname + location.search);
    });
  }
  // A fragment never reaches the server.
  const code = form.elements.code;
  if (code && /^#[0-9A-Za-z-]{6,40}$/.test(location.hash) && !document.getElementById(location.hash.slice(1))) {
    code.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
  }
  form.addEventListener("change", () => { refresh(); if (!leaving) remember(); });
  form.addEventListener("input", () => { refresh(); if (!leaving) remember(); });
  form.addEventListener("ballot:reset", () => { refresh(); go(0, false); });
  refresh();
  voices();
  if (form.dataset.screens !== undefined) screenByScreen();
  const trouble = one("#trouble");
  if (trouble) trouble.focus();
}

if (form) begin();
