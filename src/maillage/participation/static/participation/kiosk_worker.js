// Gives the kiosk's own page back where it is opened again without network. It sees what is under the kiosk's address
// alone; it keeps the empty page and what dresses it, never an answer nor a receipt. For engines of 2018.
const NAME = "maillage-borne-" + self.registration.scope;
const PATIENCE = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function soon(request) {
  return new Promise((done, failed) => {
    setTimeout(() => failed(new Error("late")), PATIENCE);
    fetch(request).then(done, failed);
  });
}

async function page(request) {
  const kept = await caches.open(NAME);
  let response = null;
  try { response = await soon(request); } catch (error) { response = null; }
  if (response && response.status < 500) {
    // Closed, or no kiosk any more: what was kept must not be shown in its place.
    if (response.status !== 200) await caches.delete(NAME);
    return response;
  }
  const found = await kept.match(request, { ignoreSearch: true, ignoreVary: true });
  return found || response || Response.error();
}

async function dress(request) {
  const kept = await caches.open(NAME);
  const found = await kept.match(request, { ignoreVary: true });
  if (!found) return fetch(request);
  // Shown at once; renewed for the next time where there is network.
  fetch(request).then((fresh) => (fresh.ok ? kept.put(request, fresh) : null)).catch(() => null);
  return found;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.url.split(/[?#]/)[0] === self.registration.scope) event.respondWith(page(request));
  } else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(dress(request));
});
