// The service worker: keeps the site's own files on this computer, so that the page opens without a network.
//
// A version of the site is kept whole or not at all: every file is checked against the sum that the build wrote, and a
// version that is not complete is never used. Files that two versions share are fetched once. A newer version waits, as
// browsers let it, until no page of the older one is open, so that nobody's work is interrupted and no page mixes the two.

// FILES: the sum of every file of this version, by its address below the site's (SHA-256 in base64).
importScripts("./offline-files.js");

const SITE = self.registration.scope;
const CACHE = `files of ${SITE}`;
/** Under which address a file of this version is kept. */
const key = (name) => new URL(`${name}?${encodeURIComponent(FILES[name])}`, SITE).href;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const name = nameOf(url);
  if (method === "GET" && Object.hasOwn(FILES, name)) event.respondWith(kept(name).then((file) => file ?? fetch(event.request)));
});

function nameOf(url) {
  const [address] = url.split(/[?#]/, 1);
  return address.startsWith(SITE) ? address.slice(SITE.length) || "index.html" : null;
}

async function kept(name) {
  return (await caches.open(CACHE)).match(key(name));
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  for (const [name, sum] of Object.entries(FILES)) {
    if (await cache.match(key(name))) continue;
    // Some hosts redirect index.html, and a redirected answer opens no page.
    const address = new URL(name === "index.html" ? "./" : name, SITE);
    const file = await fetch(address, { cache: "no-cache", integrity: `sha256-${sum}` });
    if (!file.ok) throw new Error(`${name}: the server answered ${file.status}`);
    await cache.put(key(name), file);
  }
}

async function dropOthers() {
  const cache = await caches.open(CACHE);
  const current = new Set(Object.keys(FILES).map(key));
  const others = (await cache.keys()).filter((request) => !current.has(request.url));
  await Promise.all(others.map((request) => cache.delete(request)));
}
