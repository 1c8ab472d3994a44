// The service worker of the door and of a trip's roll call. It keeps an empty page for each with its
// files, and answers with them when a page of theirs cannot be had from the club. It never keeps an
// answer that names anybody: desk pages, lists and marks go past it.

const SHELL = {{ shell|tojson }};
const ROLL_SHELL = {{ roll_shell|tojson }};
const FILES = {{ files|tojson }};
const KEPT = `door-${FILES[0].split("/")[2]}`;

async function keep() {
  const cache = await caches.open(KEPT);
  for (const address of [SHELL, ROLL_SHELL]) {
    const shell = await fetch(address, { cache: "no-store" });
    if (!shell.ok || shell.redirected) throw new Error("no shell");
    await cache.put(address, shell);
  }
  await cache.addAll(FILES);
}

async function clean() {
  for (const name of await caches.keys()) {
    if (name.startsWith("door-") && name !== KEPT) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});
self.addEventListener("activate", (event) => event.waitUntil(clean()));

async function page(request) {
  try {
    return await fetch(request);
  } catch (lost) {
    const cache = await caches.open(KEPT);
    const shell = await cache.match(new URL(request.url).pathname.endsWith("/trip/roll-call") ? ROLL_SHELL : SHELL);
    if (!shell) throw lost;
    return shell;
  }
}

async function file(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request.url)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(file(request));
});

// A page asks for a fresh shell when the reader's language or colours may have changed.
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep().catch(() => {}));
});
