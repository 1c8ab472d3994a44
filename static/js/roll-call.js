// The roll call while the network comes and goes: a tick counts on the phone at once and is sent when it
// can be; stops are changed without asking the club. Without JavaScript each tick is a form of its own.
import { marksFor } from "./offline-marks.js";

const list = document.querySelector("[data-roll]");
const base = list.dataset.roll;
const cars = Array.from(list.querySelectorAll("[data-car]"), (row) => ({ id: Number(row.dataset.car), plate: row.dataset.plate, row }));
const stops = Array.from(document.querySelectorAll("[data-stop]"));
const part = (name) => document.querySelector(`[data-roll-${name}]`);
const SHOWN = 6;
const LOOK_AGAIN = 30_000;

let stop = Number(document.querySelector("[data-stop][aria-current]").dataset.stop);
let told = JSON.parse(list.dataset.here);
let waiting = [];

const marks = marksFor(`${base}/marks`, { token, label: () => "", changed });

async function token() {
  let answer;
  try {
    answer = await fetch(`${base}/state.json`, { cache: "no-store" });
  } catch {
    throw new Error("no-network");
  }
  if (answer.redirected) throw new Error("signed-out");
  if (!answer.ok) throw new Error("not-taken");
  const state = await answer.json();
  told = state.here;
  draw();
  return state.token;
}

// Who is here at a stop: what the club said, with what waits on this phone on top, in its order.
function hereAt(number) {
  const here = new Set(told[number] ?? []);
  for (const { mark } of waiting) {
    if (mark.stop_id !== number) continue;
    if (mark.here) here.add(mark.registration_id);
    else here.delete(mark.registration_id);
  }
  return here;
}

function draw() {
  const here = hereAt(stop);
  for (const { id, row } of cars) {
    row.classList.toggle("roll-here", here.has(id));
    row.querySelector("button").setAttribute("aria-pressed", String(here.has(id)));
    row.querySelector("[name=here]").value = here.has(id) ? "0" : "1";
  }
  const lacking = cars.filter((one) => !here.has(one.id));
  part("here").textContent = cars.length - lacking.length;
  part("lacking").hidden = lacking.length === 0;
  part("all").hidden = lacking.length > 0;
  const shown = lacking.slice(0, SHOWN).map((one) => one.plate).join(list.dataset.comma);
  const more = lacking.length > SHOWN ? ` ${list.dataset.more.replace("{n}", lacking.length - SHOWN)}` : "";
  part("missing").textContent = shown + more;
  for (const link of stops) {
    const number = Number(link.dataset.stop);
    const expected = cars.filter((one) => hereAt(number).has(one.id));
    link.querySelector(".figures").textContent = expected.length;
    if (number === stop) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

// What was taken leaves the queue; until the club's state is asked for again it counts as told.
async function changed(state) {
  for (const one of state.done) {
    const mark = waiting.find((row) => row.mark.request_id === one.request_id)?.mark;
    if (!mark || one.outcome === "refused") continue;
    const here = hereAt(mark.stop_id);
    told[mark.stop_id] = [...here];
  }
  waiting = state.waiting;
  for (const { mark } of state.refused) await marks.dismiss(mark.request_id);
  const net = part("net");
  net.hidden = waiting.length === 0;
  net.textContent = state.trouble === "signed-out" ? net.dataset.signedOut : net.dataset.waiting.replace("{n}", waiting.length);
  draw();
}

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const row = event.target.closest("[data-car]");
  void marks.add({ stop_id: stop, registration_id: Number(row.dataset.car), here: !row.classList.contains("roll-here") });
});

for (const link of stops) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    stop = Number(link.dataset.stop);
    document.querySelector("h1").textContent = link.dataset.name;
    history.replaceState(null, "", link.href);
    draw();
  });
}

async function listen() {
  if (document.hidden) return;
  await marks.send();
  await token().catch(() => {});
}

await marks.tell();
await listen();
setInterval(listen, LOOK_AGAIN);
