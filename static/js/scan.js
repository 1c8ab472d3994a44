// The door: sends the form without leaving the page, so that the camera goes on; retries with the same
// request id, so that a lost answer is not a second arrival; keeps the counts fresh.
// Where the browser reads no codes, a photo goes to the club's own server; else the code is typed.

const PARTS = ["[data-answer]", "[data-counts]", ".door-steps", ".door-find"];
const door = document.querySelector("[data-door]");
const form = document.querySelector("[data-scan-form]");
const photo = document.querySelector("[data-photo-form]");
const scan = document.querySelector("[data-scan]");
const words = scan.querySelector("[data-scan-words]");
const video = scan.querySelector("video");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let busy = false;
let last = { text: "", at: 0 };

async function fetched(address, options, tries) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(address, options);
    } catch (lost) {
      if (attempt === tries) throw lost;
      await wait(attempt * 800);
    }
  }
}

function take(page, parts) {
  for (const part of parts) {
    const fresh = page.querySelector(part);
    const old = door.querySelector(part);
    if (fresh && old) old.replaceWith(document.importNode(fresh, true));
  }
}

async function send(sent, body = new FormData(sent)) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetched(sent.action, { method: "POST", body }, 4);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-scan-form] [name=request_id]");
    if (!fresh) {
      document.open();
      location.reload();
      return;
    }
    for (const each of [form, photo]) each.elements.request_id.value = fresh.value;
    form.elements.code.value = "";
    take(page, PARTS);
    delete sent.dataset.sent;
    navigator.vibrate?.(answer.ok ? 60 : [80, 60, 80]);
    if (!video.srcObject) form.elements.code.focus();
  } catch {
    sent.submit();
  } finally {
    busy = false;
  }
}

door.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.target === photo) sendPhoto();
  else send(event.target);
});

function found(text) {
  const now = Date.now();
  if (!text || busy || (text === last.text && now - last.at < 6000)) return;
  last = { text, at: now };
  form.elements.code.value = text;
  send(form);
}

function fallBack() {
  stop();
  scan.querySelector("[data-scan-start]").hidden = true;
  words.textContent = scan.dataset.fails;
}

function stop() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  video.hidden = true;
  scan.querySelector("[data-scan-start]").hidden = false;
  scan.querySelector("[data-scan-stop]").hidden = true;
}

async function start() {
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    scan.querySelector("[data-scan-start]").hidden = true;
    scan.querySelector("[data-scan-stop]").hidden = false;
    await video.play();
    while (video.srcObject) {
      const codes = await detector.detect(video);
      if (codes.length) found(codes[0].rawValue);
      await wait(180);
    }
  } catch {
    fallBack();
  }
}

// A phone's photo is many times larger than a code needs; what cannot be made smaller goes as it is.
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(picture.width * scale, picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  } catch {
    return file;
  }
}

async function sendPhoto() {
  const [file] = photo.elements.photo.files;
  if (!file) return;
  const body = new FormData(photo);
  body.set("photo", await smaller(file), "photo.jpg");
  await send(photo, body);
  photo.reset();
}

if ("BarcodeDetector" in window) scan.hidden = false;
scan.querySelector("[data-scan-start]").addEventListener("click", start);
scan.querySelector("[data-scan-stop]").addEventListener("click", stop);
photo.dataset.live = "";
photo.elements.photo.addEventListener("change", sendPhoto);
addEventListener("pagehide", stop);

setInterval(async () => {
  if (busy || document.hidden) return;
  try {
    const answer = await fetch(location.pathname + location.search);
    if (answer.ok && !answer.redirected) take(new DOMParser().parseFromString(await answer.text(), "text/html"), ["[data-counts]", ".door-steps"]);
  } catch {
    // The counts stay as they are until the network is back.
  }
}, 12000);
