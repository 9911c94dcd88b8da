// Records a voice, listened to before it is sent; keeps what was told until it is; sends it again by itself after a cut.
// Without it, one writes or chooses a file. For engines of 2018: no newer syntax.
const box = document.querySelector("[data-voice]");
const form = box && box.closest("form");
const one = (name) => form.querySelector("[data-" + name + "]");
const field = (name) => form.elements[name];
let recorder = null;
let voice = null;     // what was recorded and is not sent
let sending = false;
let parcel = null;    // what was pressed, sent again as it is until there is an answer
let later = 0;
let done = false;

/* Kept until it is sent: the words in this tab, which forgets them when it is closed; the voice on the device, under a
   lock whose key is in this tab alone. Never the code. */
const KEPT = ["text", "signed_as", "nonce"];
const TICKS = ["may_read", "may_quote"];
const place = "maillage-testimony-" + (form ? form.dataset.testimony : "");
const tab = {
  read() { try { return JSON.parse(sessionStorage.getItem(place)) || {}; } catch (error) { return {}; } },
  write(value) { try { sessionStorage.setItem(place, JSON.stringify(value)); } catch (error) { /* a private window */ } },
  erase() { try { sessionStorage.removeItem(place); } catch (error) { /* nothing was kept */ } },
};

function shelf(act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("maillage-testimony", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("voices");
    opening.onerror = reject;
    opening.onsuccess = () => {
      const work = opening.result.transaction("voices", "readwrite");
      const asked = act(work.objectStore("voices"));
      work.oncomplete = () => { opening.result.close(); resolve(asked.result); };
      work.onabort = reject;
    };
  });
}

async function lockAway() {
  try {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, await new Response(voice).arrayBuffer());
    const jwk = await crypto.subtle.exportKey("jwk", key);
    await shelf((voices) => voices.put({ iv, data, type: voice.type }, place));
    tab.write(Object.assign(tab.read(), { key: jwk }));
  } catch (error) { /* it stays in the page's memory */ }
}

async function unlock(jwk) {
  try {
    const found = await shelf((voices) => voices.get(place));
    const key = await crypto.subtle.importKey("jwk", jwk, { name: "AES-GCM" }, false, ["decrypt"]);
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, key, found.data);
    put(new Blob([data], { type: found.type }));
  } catch (error) { /* it is no longer there */ }
}

function forgetVoice() {
  voice = null;
  const found = tab.read();
  if (!found.key) return;
  delete found.key;
  tab.write(found);
  try { shelf((voices) => voices.delete(place)).catch(() => {}); } catch (error) { /* nothing was kept */ }
}

function remember() {
  if (done) return;
  const found = tab.read();
  KEPT.forEach((name) => { found[name] = field(name).value; });
  TICKS.forEach((name) => { found[name] = field(name).checked; });
  tab.write(found);
}

function restore(found) {
  KEPT.forEach((name) => { if (found[name]) field(name).value = found[name]; });
  TICKS.forEach((name) => { field(name).checked = Boolean(found[name]); });
  if (found.key) unlock(found.key);
  one("ask").hidden = true;
}

function recall() {
  const found = tab.read();
  if (field("text").value || form.dataset.refused !== undefined) return;  // the page came back with what was sent
  if (!found.text && !found.key) { tab.erase(); return; }
  if ((performance.getEntriesByType("navigation")[0] || {}).type === "reload") { restore(found); return; }
  one("ask").hidden = false;  // the tab may be everyone's: shown to who says that it is theirs
  one("mine").addEventListener("click", () => { restore(found); field("text").focus(); });
  one("erase").addEventListener("click", () => { forgetVoice(); tab.erase(); one("ask").hidden = true; });
}

/* The voice */
function say(words) { one("told").textContent = words; }

function put(blob) {
  voice = blob;
  try {
    const carry = new DataTransfer();
    carry.items.add(new File([blob], "voix", { type: blob.type }));
    field("voice").files = carry.files;
  } catch (error) { /* it is added when it is sent */ }
  one("play").src = URL.createObjectURL(blob);
  one("play").hidden = false;
  one("again").hidden = false;
  one("start").hidden = true;
  say(one("told").dataset.recorded);
}

function begin() {
  let clock = 0;
  let kept = [];
  let asking = false;

  function tick(since) {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const two = (n) => (n < 10 ? "0" : "") + n;
    say(box.dataset.recording.replace("{time}", Math.floor(seconds / 60) + ":" + two(seconds % 60)));
    if (seconds >= 60 * Number(box.dataset.minutes)) stop();
  }

  function stop() { if (recorder && recorder.state !== "inactive") recorder.stop(); }

  function stopped(stream) {
    clearInterval(clock);
    stream.getTracks().forEach((track) => track.stop());
    one("told").setAttribute("role", "status");
    one("stop").hidden = true;
    const type = recorder.mimeType;
    recorder = null;
    if (kept.length) {
      put(new Blob(kept, { type }));
      lockAway();
      one("again").focus();
    } else {
      say(one("told").dataset.silent);
      one("start").hidden = false;
      one("start").focus();
    }
  }

  async function start() {
    if (asking || recorder) return;
    asking = true;
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
      kept = [];
      recorder.ondataavailable = (event) => { if (event.data.size) kept.push(event.data); };
      recorder.onstop = () => stopped(stream);
      recorder.start(1000);  // a second at a time: what was said before a failure is there
    } catch (error) {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      asking = false;
      say(one("told").dataset.refused);
      return;
    }
    asking = false;
    one("start").hidden = true;
    one("stop").hidden = false;
    one("stop").focus();
    one("told").setAttribute("role", "timer");  // a clock is not read aloud each second
    const since = Date.now();
    tick(since);
    clock = setInterval(() => tick(since), 1000);
  }

  field("voice").addEventListener("change", () => {
    const file = field("voice").files[0];
    if (file && file.size > Number(box.dataset.most)) { field("voice").value = ""; say(one("told").dataset.large); } else say("");
  });
  if (!window.MediaRecorder || !navigator.mediaDevices) return;
  one("recorder").hidden = false;
  one("start").addEventListener("click", start);
  one("stop").addEventListener("click", stop);
  one("again").addEventListener("click", () => {
    field("voice").value = "";
    URL.revokeObjectURL(one("play").src);
    one("play").hidden = true;
    one("play").removeAttribute("src");
    one("again").hidden = true;
    one("start").hidden = false;
    one("start").focus();
    forgetVoice();
    say("");
  });
}

/* Sending */
function waits(words, bad) {
  one("status").textContent = words;
  one("status").classList.toggle("bad", Boolean(bad));
}

function freeze(still) {
  Array.from(form.elements).forEach((each) => { each.disabled = still; });
}

async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(later);
  later = 0;
  if (!parcel) {
    parcel = new FormData(form);
    if (voice && !field("voice").files.length) parcel.set("voice", voice, "voix");
    freeze(true);  // what leaves is what was pressed: changed meanwhile, it could be received twice
  }
  waits(one("status").dataset.sending);
  let page = null;
  let status = 0;
  try {
    const response = await fetch(form.action, { method: "POST", body: parcel, credentials: "same-origin" });
    status = response.status;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch (error) { page = null; }
  sending = false;
  if (page && page.querySelector("[data-receipt]")) { finish(page); return; }
  if (page && page.querySelector("#trouble") && status < 500) { trouble(page); return; }
  if (status === 413) { parcel = null; freeze(false); waits(one("told").dataset.large, true); return; }
  waits(one("status").dataset.waiting, true);
  later = setTimeout(send, 15000);
}

function finish(page) {
  done = true;
  forgetVoice();
  tab.erase();
  const main = document.querySelector("main");
  while (main.firstChild) main.removeChild(main.firstChild);
  Array.from(page.querySelector("main").childNodes).forEach((node) => main.appendChild(document.importNode(node, true)));
  document.title = page.title;
  window.scrollTo(0, 0);
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
}

// Refused: what is to be looked at again is said here, and the voice is still in the page.
function trouble(page) {
  parcel = null;
  freeze(false);
  waits("");
  Array.from(document.querySelectorAll("#trouble, .error")).forEach((old) => old.parentElement.removeChild(old));
  Array.from(form.querySelectorAll("[aria-invalid]")).forEach((each) => each.removeAttribute("aria-invalid"));
  Array.from(page.querySelectorAll(".error")).forEach((told) => {
    const wrong = document.getElementById(told.id.replace("-error", ""));
    const item = wrong && wrong.closest(".item");
    if (!item) return;
    item.insertBefore(document.importNode(told, true), item.children[1] || null);
    wrong.setAttribute("aria-invalid", "true");
    const hints = (wrong.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== told.id);
    wrong.setAttribute("aria-describedby", hints.concat(told.id).join(" "));
  });
  const told = document.importNode(page.querySelector("#trouble"), true);
  const title = document.querySelector(".intro h1");
  title.parentElement.insertBefore(told, title.nextSibling);
  told.focus();
}

if (form) {
  recall();
  begin();
  form.addEventListener("input", remember);
  form.addEventListener("change", remember);
  form.addEventListener("submit", (event) => {
    if (!window.fetch || !window.DOMParser) return;
    event.preventDefault();
    if (!recorder) send();
    else one("stop").focus();
  });
  window.addEventListener("online", () => { if (later) send(); });
  window.addEventListener("beforeunload", (event) => {
    if (done || !(recorder || voice || later || sending)) return;
    event.preventDefault();
    event.returnValue = "";
  });
  const told = document.getElementById("trouble");
  if (told) told.focus();
}
