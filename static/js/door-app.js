// The door on this device: it looks people up in the kept list, notes who came, and sends that when
// there is a network. What is drawn stands in door-screen.js.
import { cameraOn, readsCodes } from "./code-camera.js";
import { handedOver } from "./door-hand-over.js";
import { keptAs } from "./door-kept.js";
import { screenOf, words } from "./door-screen.js";
import { marksFor } from "./offline-marks.js";

const here = new URL(location.href);
const event = Number(here.searchParams.get("event") ?? /\/desk\/events\/(\d+)\//.exec(here.pathname)?.[1] ?? 0);
const base = `/desk/events/${event}/check-in`;
const LOOK_AGAIN = 30_000;
const { allKept, forget, keep, kept, renew } = keptAs("lists");

let list = null;
let step = Number(here.searchParams.get("step")) || null;
let waiting = [];

const screen = screenOf({ choose, look, pick, undo, prepare, forgetList, dismiss: (number) => marks.dismiss(number), named });
const marks = marksFor(`${base}/marks`, { token, label: () => localStorage.getItem("door-label") ?? "", changed });

// --- what the club says -------------------------------------------------------------------------

async function asked(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Error("no-network");
  }
  if (answer.redirected) throw new Error("signed-out");
  if (answer.status === 403 || answer.status === 404) {
    await forgetList();
    throw new Error("no-right");
  }
  if (!answer.ok) throw new Error("not-taken");
  return answer.json();
}

async function token() {
  const state = await asked(`${base}/state.json`, { cache: "no-store" });
  screen.network(true);
  if (list) await follow(state);
  return state.token;
}

// Who was seen by others meanwhile; a list with other people on it is taken again.
async function follow(state) {
  if (state.version !== list.version) list = await taken(state.token);
  else for (const row of list.rows) row.seen = state.seen[row.id] ?? [];
  list.looked_at = state.at;
  for (const one of waiting) note(one.mark);
  await renew(list);
  redraw();
}

const taken = (csrf) => asked(`${base}/list.json`, { method: "POST", headers: { "X-CSRFToken": csrf } });

async function prepare() {
  try {
    const first = await token();
    list = list ?? (await taken(first));
    list.looked_at = new Date().toISOString();
    await keep(list);
    await stand();
    screen.trouble("");
  } catch (failed) {
    screen.trouble(failed.message);
  }
  redraw();
}

// The worker answers for the pages of the door when the network is gone, and for nothing else.
async function stand() {
  for (const scope of ["/desk/check-in", base]) {
    const worker = await navigator.serviceWorker.register("/check-in/worker.js", { scope });
    (worker.active ?? worker.waiting ?? worker.installing)?.postMessage("keep");
  }
}

async function forgetList() {
  await forget(event);
  list = null;
  redraw();
}

function named(label) {
  localStorage.setItem("door-label", label);
}

// --- who it is ----------------------------------------------------------------------------------

function spelled(text) {
  return text.normalize("NFKC").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1").replace(/[-\s]/g, "");
}

async function printOf(salt, secret) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${salt}:${secret}`));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function holder(from, text) {
  const shown = text.trim().replace(/\/+$/, "").split("/").pop();
  const code = spelled(shown);
  const print = await printOf(from.salt, shown);
  return from.rows.find((row) => (row.print && row.print === print) || (row.code && row.code === code));
}

async function look(text, number) {
  if (!text.trim()) return;
  const row = await holder(list, text);
  if (row) await arrive(row, row.code, number);
  else screen.answer({ kind: "no", word: words.not_in, why: await whyUnknown(text) });
}

async function whyUnknown(text) {
  for (const other of await allKept()) {
    if (other.event !== event && (await holder(other, text))) return words.other_event.replace("{title}", other.title);
  }
  return words.unknown.replace("{time}", screen.clock(list.taken_at));
}

async function pick(id, number) {
  const row = list.rows.find((one) => one.id === Number(id));
  if (row) await arrive(row, "", number);
}

// --- what is noted ------------------------------------------------------------------------------

const seenAt = (row) => row.seen.find((one) => (one.step ?? null) === step);

async function arrive(row, code, number) {
  const before = seenAt(row);
  if (row.state !== "confirmed") screen.answer({ kind: "no", word: words.not_in, why: words[`is_${row.state}`], row });
  else if (before && before.request !== number) screen.answer({ kind: "again", word: words.again, row, why: screen.seen(before), undo: before.request });
  else {
    const mark = await marks.add({ registration_id: row.id, step_id: step, code, ...(number ? { request_id: number } : {}) });
    await noted(mark);
    screen.answer({ kind: "yes", word: list.steps.find((one) => one.id === step)?.name ?? words.welcome, row, undo: mark.request_id });
  }
  redraw();
}

async function undo(number) {
  const row = list.rows.find((one) => one.seen.some((seen) => seen.request === number));
  await noted(await marks.add({ registration_id: row?.id, undoes: number }));
  screen.answer({ kind: "undone", word: words.undone, row });
  redraw();
}

// A mark as the list shows it until the club has answered.
function note(mark) {
  const row = list.rows.find((one) => one.id === mark.registration_id);
  if (!row) return;
  if (mark.undoes) row.seen = row.seen.filter((one) => one.request !== mark.undoes);
  else if (!row.seen.some((one) => one.request === mark.request_id)) {
    row.seen.push({ step: mark.step_id, at: mark.happened_at, request: mark.request_id, door: localStorage.getItem("door-label") ?? "" });
  }
}

async function noted(mark) {
  note(mark);
  await renew(list);
}

async function changed(state) {
  waiting = state.waiting;
  screen.trouble(state.trouble);
  screen.queue(state, list);
  for (const one of state.done) if (one.outcome === "second") screen.second(one.request_id, list);
  if (state.refused.length && list) await takeOut(state.refused);
  redraw();
}

// An arrival that the club did not take is none: the list shows it no more, the queue says why.
async function takeOut(refused) {
  const numbers = new Set(refused.map((one) => one.mark.request_id));
  for (const row of list.rows) row.seen = row.seen.filter((one) => !numbers.has(one.request));
  await renew(list);
}

// --- the page -----------------------------------------------------------------------------------

function choose(id) {
  step = id;
  redraw();
}

function redraw() {
  screen.draw({ event, list, step });
}

async function listen() {
  if (document.hidden) return;
  await marks.send();
  try {
    await token();
  } catch (failed) {
    screen.network(failed.message !== "no-network");
    if (failed.message !== "no-network") screen.trouble(failed.message);
  }
  const still = await kept(event);
  if (list && !still) list = null;
  redraw();
}

const camera = cameraOn(document.querySelector("[data-camera]"), { found: (text) => void look(text), failed: () => screen.noCamera() });
screen.camera(camera, readsCodes);

list = (await kept(event)) ?? null;
redraw();
if (!event) screen.doors(await allKept(), await keptAs("rolls").allKept());
else {
  await marks.tell();
  const told = list && handedOver();
  if (told?.registration_id) await pick(told.registration_id, told.request_id);
  else if (told?.code) await look(told.code, told.request_id);
  await listen();
  setInterval(listen, LOOK_AGAIN);
  addEventListener("online", listen);
  addEventListener("offline", () => screen.network(false));
}
