// Notes that save themselves. What is typed is kept in this browser until the server says it has it, key by key;
// without this script each field has its button.

const EVERY = 2000;
const POLL = 5000;
const WAITS = [2, 4, 8, 15, 30];
const ALIVE = 20000;
const KEPT = "maillage-note|";
const TAB = "maillage-tab|";

const root = document.querySelector("[data-room]");
const words = root ? root.dataset : {};
let csrf = "";
let failures = 0;
let waitUntil = 0;

const store = {
  works: true,
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch (error) {
      store.works = false;
      return false;
    }
  },
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      store.works = false;
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch (error) {
      return [];
    }
  },
};

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One name for each tab, kept when it is loaded again; a duplicated tab takes another.
function tabName() {
  let name = "";
  try {
    name = sessionStorage.getItem("maillage-tab") || "";
    const entry = performance.getEntriesByType("navigation")[0];
    const again = entry && entry.type === "reload";
    if (!name || (!again && Date.now() - (store.get(TAB + name) || 0) < ALIVE)) name = random();
    sessionStorage.setItem("maillage-tab", name);
  } catch (error) {
    name = name || random();
  }
  return name;
}

const tab = root ? tabName() : "";

class Failure extends Error {
  constructor(status, said) {
    super(String(status));
    this.status = status;
    this.said = said || "";
  }
}

// Asks the server. Throws a Failure: 0 for no network, "signed-out" for an ended session, else the status.
async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { redirect: "manual", cache: "no-store", credentials: "same-origin", ...options });
  } catch (error) {
    throw new Failure(0);
  }
  if (answer.type === "opaqueredirect") throw new Failure("signed-out");
  let data = {};
  try {
    data = await answer.json();
  } catch (error) {
    if (answer.ok) throw new Failure(0);
  }
  if (!answer.ok) throw new Failure(answer.status, data.error);
  return data;
}

async function freshToken() {
  const state = await ask(words.stateUrl, { headers: { Accept: "application/json" } });
  csrf = state.csrf;
  return state;
}

// Sends; a refused token (the session changed in another tab) is asked again once.
async function send(url, body, type) {
  const go = () => {
    const headers = { Accept: "application/json", "X-CSRFToken": csrf };
    if (type) headers["Content-Type"] = type;
    return ask(url, { method: "POST", headers, body });
  };
  try {
    return await go();
  } catch (failure) {
    if (failure.status !== 403) throw failure;
    const before = csrf;
    await freshToken();
    if (csrf === before) throw failure;
    return go();
  }
}

const sendJson = (url, data) => send(url, JSON.stringify(data), "application/json");

function wait() {
  waitUntil = Date.now() + WAITS[Math.min(failures, WAITS.length - 1)] * 1000;
  failures += 1;
}

function say(place, text, tone) {
  if (place.textContent !== text) place.textContent = text;
  if (tone) place.dataset.tone = tone;
  else delete place.dataset.tone;
}

function sayFailure(place, failure) {
  const known = {
    0: words.offline, "signed-out": words.signedOut, 403: words.refused, 404: words.gone, 413: words.tooLong,
  };
  const text = failure.said || known[failure.status] || words.down;
  say(place, store.works ? text : `${text} ${words.unkept}`, "bad");
}

// The texts a tab has to send: the attempt under way first, then what was typed since.
const nothing = (kept) => !kept.pending && kept.text === kept.saved;

async function sendNext(url, kept, writer) {
  if (!kept.pending) kept.pending = { key: random(), text: kept.text, base: kept.base, sent: kept.sent };
  const { key, text, base, sent } = kept.pending;
  const saved = await sendJson(url, { key, text, base, sent, writer });
  kept.pending = null;
  kept.base = saved.number;
  kept.sent = true;
  kept.saved = text;
  return saved;
}

class Note {
  constructor(form) {
    this.form = form;
    this.url = form.getAttribute("action");
    this.field = form.querySelector("textarea");
    this.said = form.querySelector("[data-said]");
    this.othersBox = form.querySelector("[data-others-box]");
    this.besideBox = form.parentElement.querySelector("[data-beside-box]");
    this.name = `${KEPT}${words.user}|${form.dataset.note}|`;
    this.version = Number(form.dataset.version);
    this.theirs = null;
    this.busy = false;
    this.blocked = null;
    this.asked = false;
    this.kept = { base: this.version, sent: false, saved: this.field.value, text: this.field.value, pending: null };
    form.querySelector("[data-plain]").hidden = true;
    const before = store.get(this.name + tab);
    if (before && !nothing(before)) {
      this.kept = before;
      this.field.value = before.text;
      say(this.said, words.found, "wait");
    }
    this.field.addEventListener("input", () => this.typed());
    // A little later: what moves on the page while a button is pressed would take the click away from it.
    this.field.addEventListener("blur", () => setTimeout(() => this.adopt(), 300));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      waitUntil = 0;
      this.save();
    });
    this.keep();
  }

  typed() {
    this.kept.text = this.field.value;
    this.blocked = this.blocked === this.kept.text ? this.blocked : null;
    this.keep();
    if (!this.dirty()) return;
    say(this.said, words.saving + (store.works ? "" : ` ${words.unkept}`), "wait");
  }

  dirty() {
    return !nothing(this.kept);
  }

  keep() {
    if (this.dirty()) store.set(this.name + tab, { ...this.kept, url: this.url, at: Date.now() });
    else store.remove(this.name + tab);
  }

  async save() {
    if (this.busy || !this.dirty() || this.blocked === this.kept.text || Date.now() < waitUntil) return;
    this.busy = true;
    const attempt = sendNext(this.url, this.kept, tab);
    // What is tried is kept too: after a crash, the same attempt is sent, and counts once.
    this.keep();
    try {
      const saved = await attempt;
      failures = 0;
      this.version = Math.max(this.version, saved.version);
      this.keep();
      this.theirs = saved.text === null ? null : { version: saved.version, text: saved.text };
      this.showBeside(saved.beside);
      if (!this.dirty()) say(this.said, saved.said);
      this.adopt();
    } catch (failure) {
      if ([400, 404, 409, 413].includes(failure.status)) {
        // Refused as it is: it stays here until it changes.
        this.blocked = this.kept.text;
        this.kept.pending = null;
      } else {
        wait();
      }
      this.keep();
      sayFailure(this.said, failure);
    } finally {
      this.busy = false;
    }
  }

  // Takes what others wrote, where nobody is typing here; otherwise says so.
  adopt() {
    if (!this.theirs || this.dirty()) return;
    if (document.activeElement === this.field && !this.asked) {
      this.sayOthers();
      return;
    }
    const { version, text } = this.theirs;
    const focused = document.activeElement === this.field;
    const place = this.field.selectionStart;
    this.field.value = text;
    if (focused) this.field.setSelectionRange(place, place);
    this.kept = { base: version, sent: false, saved: text, text, pending: null };
    this.theirs = null;
    this.asked = false;
    this.othersBox.textContent = "";
    this.keep();
  }

  sayOthers() {
    if (this.othersBox.childElementCount) return;
    const box = document.createElement("p");
    box.className = "row";
    const text = document.createElement("span");
    text.textContent = words.others;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small quiet";
    button.textContent = words.see;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      this.asked = true;
      if (this.dirty()) this.save();
      else this.adopt();
    });
    box.append(text, button);
    this.othersBox.replaceChildren(box);
  }

  async refresh(version) {
    if (version <= this.version || this.busy) return;
    const note = await ask(this.url, { headers: { Accept: "application/json" } });
    // Asked before a save that was answered first: already old.
    if (note.version <= this.version) return;
    this.version = note.version;
    this.showBeside(note.beside);
    if (note.text === this.kept.saved) {
      if (!this.dirty()) Object.assign(this.kept, { base: note.version, sent: false });
      this.theirs = null;
      this.othersBox.textContent = "";
      return;
    }
    this.theirs = { version: note.version, text: note.text };
    this.adopt();
  }

  showBeside(rows) {
    this.besideBox.replaceChildren(...rows.map((row) => this.besideOf(row)));
  }

  besideOf(row) {
    const box = document.createElement("div");
    box.className = "callout caution";
    const title = document.createElement("strong");
    title.textContent = words.beside;
    const text = document.createElement("div");
    text.className = "room-beside";
    text.textContent = row.text;
    const buttons = document.createElement("p");
    buttons.className = "row";
    for (const choice of ["both", "mine", "drop"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = choice === "both" ? "btn small" : "btn small quiet";
      button.textContent = words[choice];
      button.addEventListener("click", () => this.choose(row, choice));
      buttons.append(button);
    }
    box.append(title, text, buttons);
    return box;
  }

  async choose(row, choice) {
    await this.save();
    try {
      const note = await send(row.url, new URLSearchParams({ choix: choice }));
      this.version = note.version;
      this.theirs = { version: note.version, text: note.text };
      this.showBeside(note.beside);
      this.asked = true;
      this.adopt();
    } catch (failure) {
      sayFailure(this.said, failure);
    }
  }
}

// Texts left by a tab that was closed before they left.
async function sendOrphans(notes) {
  for (const name of store.keys()) {
    if (!name.startsWith(`${KEPT}${words.user}|`)) continue;
    const [, , item, owner] = name.split("|");
    const note = notes.find((one) => one.form.dataset.note === item);
    if (!note || owner === tab || Date.now() - (store.get(TAB + owner) || 0) < ALIVE) continue;
    const kept = store.get(name);
    if (!kept || nothing(kept)) {
      store.remove(name);
      continue;
    }
    say(note.said, words.found, "wait");
    try {
      while (!nothing(kept)) {
        const next = sendNext(note.url, kept, owner);
        store.set(name, kept);
        const saved = await next;
        note.showBeside(saved.beside);
        say(note.said, saved.said);
      }
      store.remove(name);
    } catch (failure) {
      if ([400, 404, 409, 413].includes(failure.status)) return;
      throw failure;
    }
  }
}

async function poll(notes) {
  const state = await freshToken();
  for (const note of notes) await note.refresh(state.items[note.form.dataset.note] || 0);
  await sendOrphans(notes);
}

// Each tap on a seat is sent at once; what did not leave is tried again.
function attendance(form) {
  const said = form.querySelector("[data-said]");
  const waiting = new Map();
  let busy = false;
  const flush = async () => {
    if (busy || !waiting.size || Date.now() < waitUntil) return;
    busy = true;
    const sent = new Map(waiting);
    try {
      const answer = await send(form.getAttribute("action"), new URLSearchParams([...sent]));
      for (const [name, value] of sent) if (waiting.get(name) === value) waiting.delete(name);
      failures = 0;
      document.querySelector("[data-there]").textContent = answer.there;
      say(said, answer.said);
    } catch (failure) {
      wait();
      sayFailure(said, failure);
    } finally {
      busy = false;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    waiting.set(event.target.name, event.target.value);
    flush();
  });
  form.addEventListener("submit", () => waiting.clear());
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
  return flush;
}

// A button starts and stops the clock of each college.
function speaking(form) {
  const said = form.querySelector("[data-said]");
  const clocks = [];
  const total = (clock) => clock.seconds + (clock.since ? Math.round((Date.now() - clock.since) / 1000) : 0);
  const put = async (clock) => {
    try {
      const answer = await sendJson(form.getAttribute("action"), { seconds: { [clock.code]: total(clock) } });
      say(said, answer.said);
    } catch (failure) {
      sayFailure(said, failure);
    }
  };
  const stop = (clock) => {
    clock.seconds = total(clock);
    clock.since = 0;
    clock.button.textContent = words.start;
    clock.button.setAttribute("aria-pressed", "false");
    put(clock);
  };
  for (const input of form.querySelectorAll("[data-college]")) {
    const button = document.createElement("button");
    const clock = { code: input.dataset.college, seconds: Number(input.dataset.seconds), since: 0, button, input };
    button.type = "button";
    button.className = "btn small quiet";
    button.textContent = words.start;
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", `${words.start} · ${input.labels[0].textContent.trim()}`);
    button.addEventListener("click", () => {
      if (clock.since) {
        stop(clock);
        return;
      }
      clocks.filter((other) => other.since).forEach(stop);
      clock.since = Date.now();
      button.textContent = words.stop;
      button.setAttribute("aria-pressed", "true");
    });
    input.addEventListener("change", () => {
      clock.seconds = Math.round(Number(input.value) * 60) || 0;
    });
    input.closest(".room-speak").append(button);
    clocks.push(clock);
  }
  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    for (const clock of clocks.filter((one) => one.since)) {
      clock.input.value = (Math.round((total(clock) / 60) * 100) / 100).toString();
      if (ticks % 20 === 0) put(clock);
    }
  }, 1000);
}

function begin() {
  csrf = root.querySelector("input[name=csrfmiddlewaretoken]").value;
  const notes = Array.from(root.querySelectorAll("form[data-note]"), (form) => new Note(form));
  const flush = attendance(root.querySelector("[data-attendance]"));
  speaking(root.querySelector("[data-speaking]"));
  const beat = () => store.set(TAB + tab, Date.now());
  const saveAll = () => {
    beat();
    notes.forEach((note) => note.save());
    flush();
  };
  beat();
  setInterval(saveAll, EVERY);
  let asking = false;
  setInterval(async () => {
    if (asking || document.hidden || Date.now() < waitUntil) return;
    asking = true;
    try {
      await poll(notes);
    } catch (failure) {
      if (failure.status !== "signed-out") wait();
    } finally {
      asking = false;
    }
  }, POLL);
  window.addEventListener("online", () => {
    failures = 0;
    waitUntil = 0;
    saveAll();
  });
  window.addEventListener("offline", () => {
    notes.filter((note) => note.dirty()).forEach((note) => sayFailure(note.said, new Failure(0)));
  });
  window.addEventListener("pagehide", () => store.remove(TAB + tab));
  window.addEventListener("pageshow", beat);
  window.addEventListener("beforeunload", (event) => {
    if (!store.works && notes.some((note) => note.dirty())) event.preventDefault();
  });
  // Old tabs leave their name behind.
  for (const name of store.keys()) {
    if (name.startsWith(TAB) && Date.now() - (store.get(name) || 0) > 86400000) store.remove(name);
  }
  // Ready: said on the page, for tests too.
  root.dataset.ready = tab;
}

if (root) begin();
