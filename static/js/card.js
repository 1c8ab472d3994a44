// The card: a fresh picture at each half minute, a fresh code every five; the screen stays on.

const STEP = 30_000;
const RENEW = 300_000;
const picture = document.querySelector("[data-card-picture]");
const words = document.querySelector("[data-card-words]");
const opened = Date.now();

function show() {
  if (document.hidden) return;
  if (Date.now() - opened > RENEW && navigator.onLine) {
    location.reload();
    return;
  }
  picture.src = `${picture.dataset.cardPicture}?at=${Date.now()}`;
}

picture.addEventListener("load", () => {
  words.textContent = words.dataset.good;
});
picture.addEventListener("error", () => {
  words.textContent = words.dataset.lost;
});
document.addEventListener("visibilitychange", show);
addEventListener("online", show);

setTimeout(() => {
  show();
  setInterval(show, STEP);
}, STEP - (Date.now() % STEP));

async function stayOn() {
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // The screen goes dark as it always does.
  }
}

document.addEventListener("visibilitychange", () => document.hidden || stayOn());
stayOn();
