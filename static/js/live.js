// [data-live]: its parts are read again every ten seconds, without a reload; says since when it could not be.
// A screen on the wall keeps itself awake where the browser can.

const live = document.querySelector("[data-live]");
const lost = live.querySelector("[data-live-lost]");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let since = null;

async function read() {
  const answer = await fetch(location.href);
  if (!answer.ok) throw new Error("not now");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("[data-live-part]");
  const shown = live.querySelectorAll("[data-live-part]");
  if (answer.redirected || fresh.length !== shown.length) return location.reload();
  shown.forEach((part, at) => part.replaceWith(document.importNode(fresh[at], true)));
  since = null;
}

for (;;) {
  await wait(10_000);
  if (document.hidden) continue;
  try {
    await read();
  } catch {
    since ??= new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: live.dataset.zone });
  }
  lost.textContent = since ? live.dataset.lost.replace("{time}", since) : "";
  if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
}
