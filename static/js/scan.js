// The door: sends the form without leaving the page, so that the camera goes on; retries with the same
// request id, so that a lost answer is not a second arrival; keeps the counts fresh.
// Where the browser reads no codes, a photo goes to the club's own server; else the code is typed.
// Without a network the door goes on with the list on this device, where one was prepared.
import { cameraOn, readsCodes } from "./code-camera.js";
import { handOver } from "./door-hand-over.js";

const NUMBERS = ["[data-counts]", "[data-doubts]", ".door-steps"];
const PARTS = ["[data-answer]", ".door-find", ...NUMBERS];
const door = document.querySelector("[data-door]");
const form = document.querySelector("[data-scan-form]");
const photo = document.querySelector("[data-photo-form]");
const scan = document.querySelector("[data-scan]");
const words = scan.querySelector("[data-scan-words]");
const video = scan.querySelector("video");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let busy = false;

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
    const old = document.querySelector(part);
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
    if (!(await handOver(door.dataset.door, body))) sent.submit();
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

const camera = cameraOn(video, {
  found(text) {
    if (busy) return false;
    form.elements.code.value = text;
    send(form);
    return true;
  },
  failed() {
    show(false);
    scan.querySelector("[data-scan-start]").hidden = true;
    words.textContent = scan.dataset.fails;
  },
});

function show(running) {
  scan.querySelector("[data-scan-start]").hidden = running;
  scan.querySelector("[data-scan-stop]").hidden = !running;
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

if (readsCodes) scan.hidden = false;
scan.querySelector("[data-scan-start]").addEventListener("click", () => {
  show(true);
  camera.start();
});
scan.querySelector("[data-scan-stop]").addEventListener("click", () => {
  camera.stop();
  show(false);
});
photo.dataset.live = "";
photo.elements.photo.addEventListener("change", sendPhoto);

setInterval(async () => {
  if (busy || document.hidden) return;
  try {
    const answer = await fetch(location.pathname + location.search);
    if (answer.ok && !answer.redirected) take(new DOMParser().parseFromString(await answer.text(), "text/html"), NUMBERS);
  } catch {
    // The counts stay as they are until the network is back.
  }
}, 12000);
