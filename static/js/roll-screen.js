// What the roll call shows: the page as the club drew it, or the empty one that is filled from the list
// on this phone. It knows no rule.
import { ageOf, clockIn, filled } from "./filled.js";

const root = document.querySelector("[data-roll]");
const words = JSON.parse(document.querySelector("[data-roll-words]").textContent);
const part = (name) => document.querySelector(`[data-roll-${name}]`);
const clock = clockIn(root.dataset.zone);
const SHOWN = 6;

export function screenOf({ event, list, tick, choose, prepare, forgetList, dismiss }) {
  const empty = root.hasAttribute("data-roll-empty");
  let stop = Number(document.querySelector("[data-stop][aria-current]")?.dataset.stop ?? 0);
  let cars = rows();
  let known = list;

  function rows() {
    return Array.from(root.querySelectorAll("[data-car]"), (row) => ({ id: Number(row.dataset.car), plate: row.dataset.plate, row }));
  }

  // --- the empty page ---------------------------------------------------------------------------

  function carLine(car, roles) {
    const people = (car.party === 1 ? words.person : words.people).replace("{n}", car.party);
    const facts = [car.model, roles[car.role]].filter(Boolean).join(" · ");
    const row = filled("roll-car", { number: String(car.number), plate: car.plate || "–", facts, name: car.name, people });
    row.dataset.car = car.id;
    row.dataset.plate = car.plate || car.name;
    return row;
  }

  function stopLink(one) {
    const link = filled("roll-stop", { name: one.name });
    link.dataset.stop = one.id;
    link.dataset.name = one.name;
    link.href = `/desk/events/${event}/trip/roll-call?stop=${one.id}`;
    return link;
  }

  function callLink(one) {
    const link = filled("roll-call", { words: one.words });
    link.href = `tel:${one.number}`;
    return link;
  }

  function fill(from) {
    if (!empty) return;
    const asked = Number(new URL(location.href).searchParams.get("stop"));
    const reached = from.stops.filter((one) => one.at && Date.parse(one.at) <= Date.now());
    const known = from.stops.some((one) => one.id === (stop || asked)) && (stop || asked);
    stop = known || (reached.at(-1) ?? from.stops[0])?.id || 0;
    part("title").textContent = from.title;
    part("stops").replaceChildren(...from.stops.map(stopLink));
    root.replaceChildren(...from.cars.map((car) => carLine(car, from.roles)));
    part("calls").replaceChildren(...from.calls.map(callLink));
    cars = rows();
  }

  // --- what stands ------------------------------------------------------------------------------

  function draw(hereAt) {
    const here = hereAt(stop);
    for (const { id, row } of cars) {
      row.classList.toggle("roll-here", here.has(id));
      row.querySelector("button").setAttribute("aria-pressed", String(here.has(id)));
    }
    const lacking = cars.filter((one) => !here.has(one.id));
    part("here").textContent = cars.length - lacking.length;
    part("expected").textContent = cars.length;
    part("lacking").hidden = lacking.length === 0;
    part("all").hidden = lacking.length > 0;
    const shown = lacking.slice(0, SHOWN).map((one) => one.plate).join(words.comma);
    const more = lacking.length > SHOWN ? ` ${words.more.replace("{n}", lacking.length - SHOWN)}` : "";
    part("missing").textContent = shown + more;
    for (const link of document.querySelectorAll("[data-stop]")) {
      const number = Number(link.dataset.stop);
      link.querySelector(".figures").textContent = cars.filter((one) => hereAt(number).has(one.id)).length;
      if (number !== stop) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "step");
        document.querySelector("h1").textContent = link.dataset.name;
      }
    }
  }

  function refusedLine({ mark, refused }) {
    const name = cars.find((one) => one.id === mark.registration_id)?.plate ?? known?.former?.[mark.registration_id] ?? words.somebody;
    const where = document.querySelector(`[data-stop="${mark.stop_id}"]`)?.dataset.name ?? words.gone;
    const line = filled("roll-mark", { name, what: `${clock(mark.happened_at)} · ${where}`, why: refused });
    line.querySelector("button").addEventListener("click", () => dismiss(mark.request_id));
    return line;
  }

  function queue({ waiting, refused, trouble }) {
    const net = part("net");
    net.hidden = waiting.length === 0 && !words[trouble];
    net.textContent = words[trouble] ?? words.waiting.replace("{n}", waiting.length);
    if (trouble) network(trouble !== "no-network");
    part("refused").hidden = refused.length === 0;
    part("marks").replaceChildren(...refused.map(refusedLine));
  }

  function network(on) {
    root.dataset.network = on ? "on" : "off";
    if (part("line")) part("line").textContent = on ? words.online : words.offline;
    part("online-only").hidden = !on;
  }

  // What of the list is on this phone; the club's own page stands without one, the empty page does not.
  function care(kept) {
    known = kept;
    part("care").hidden = !event || !("serviceWorker" in navigator);
    part("kept").hidden = !kept;
    part("unkept").hidden = Boolean(kept);
    part("age").textContent = kept ? ageOf(kept, words, clock) : "";
    if (!empty) return;
    part("page").hidden = !kept;
    part("nothing").hidden = Boolean(kept);
  }

  root.addEventListener("submit", (sent) => {
    sent.preventDefault();
    const row = sent.target.closest("[data-car]");
    tick(stop, Number(row.dataset.car), !row.classList.contains("roll-here"));
  });
  part("stops").addEventListener("click", (clicked) => {
    const link = clicked.target.closest("[data-stop]");
    if (!link) return;
    clicked.preventDefault();
    stop = Number(link.dataset.stop);
    history.replaceState(null, "", link.href);
    choose();
  });
  for (const button of document.querySelectorAll("[data-prepare]")) button.addEventListener("click", prepare);
  part("forget").addEventListener("submit", (sent) => {
    sent.preventDefault();
    delete sent.target.dataset.agreed;
    forgetList();
  });
  if (list) fill(list);
  network(navigator.onLine);
  return { draw, queue, network, care, fill, told: empty ? (list?.here ?? {}) : JSON.parse(root.dataset.here), ready: !empty || Boolean(list) };
}
