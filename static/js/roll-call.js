// The roll call while the network comes and goes: a tick counts on the phone at once and is sent when it
// can be; stops are changed without asking the club. A phone that took the list along opens the page
// without a network too. Without JavaScript each tick is a form of its own.
import { keptAs } from "./door-kept.js";
import { marksFor } from "./offline-marks.js";
import { screenOf } from "./roll-screen.js";

const event = Number(/\/desk\/events\/(\d+)\//.exec(location.pathname)?.[1] ?? 0);
const base = `/desk/events/${event}/trip/roll-call`;
const rolls = keptAs("rolls");
const LOOK_AGAIN = 30_000;

const still = () => rolls.kept(event).catch(() => undefined);
let list = (await still()) ?? null;
const screen = screenOf({ event, list, tick, choose: draw, prepare, forgetList, dismiss: (number) => marks.dismiss(number) });
let told = screen.told;
let waiting = [];

const marks = marksFor(`${base}/marks`, { token, label: () => "", changed });

// --- what the club says -------------------------------------------------------------------------

async function asked(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Error("no-network");
  }
  if (answer.redirected) throw new Error("signed-out");
  if ([403, 404].includes(answer.status) && list) await forgetList();
  if (!answer.ok) throw new Error("not-taken");
  return answer.json();
}

async function token() {
  const state = await asked(`${base}/state.json`, { cache: "no-store" });
  screen.network(true);
  told = state.here;
  if (list) await follow(state);
  draw();
  return state.token;
}

// The kept list as the club has it by now; one with other cars or stops on it is taken again, and still
// knows the cars that left the trip by their plates: what was ticked of them may yet be refused.
async function follow(state) {
  if (state.version === list.version) list.here = state.here;
  else {
    const former = { ...list.former, ...Object.fromEntries(list.cars.map((car) => [car.id, car.plate || car.name])) };
    list = { ...(await taken(state.token)), former };
    screen.fill(list);
  }
  list.looked_at = new Date().toISOString();
  await rolls.renew(list);
  screen.care(list);
}

const taken = (csrf) => asked(`${base}/list.json`, { method: "POST", headers: { "X-CSRFToken": csrf } });

async function prepare() {
  try {
    list = await taken(await token());
    await rolls.keep(list);
    const worker = await navigator.serviceWorker.register("/check-in/worker.js", { scope: base });
    (worker.active ?? worker.waiting ?? worker.installing)?.postMessage("keep");
  } catch (failed) {
    screen.queue({ waiting, refused: [], trouble: failed.message });
  }
  screen.care(list);
}

async function forgetList() {
  await rolls.forget(event);
  list = null;
  screen.care(list);
}

// --- what is ticked -----------------------------------------------------------------------------

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
  screen.draw(hereAt);
}

// What was taken leaves the queue; until the club's state is asked for again it counts as told. What
// was refused stays on the screen with its reason until somebody has seen it (R27).
async function changed(state) {
  for (const one of state.done) {
    const mark = waiting.find((row) => row.mark.request_id === one.request_id)?.mark;
    if (!mark || one.outcome === "refused") continue;
    told[mark.stop_id] = [...hereAt(mark.stop_id)];
  }
  waiting = state.waiting;
  screen.queue(state);
  draw();
}

function tick(stop, car, here) {
  void marks.add({ stop_id: stop, registration_id: car, here });
}

// --- the page -----------------------------------------------------------------------------------

async function listen() {
  if (document.hidden) return;
  await marks.send();
  await token().catch((failed) => screen.network(failed.message !== "no-network"));
  if (list && !(await still())) list = null;
  screen.care(list);
}

screen.care(list);
if (screen.ready) {
  await marks.tell();
  await listen();
  setInterval(listen, LOOK_AGAIN);
  addEventListener("online", listen);
  addEventListener("offline", () => screen.network(false));
}
