// The day of the workshop: a car is dragged, or carried by the keyboard, to a free place of a bay.
// The server decides; this only fills the form that the page also offers without scripts.

const frame = document.querySelector("[data-bays]");
const form = document.querySelector("[data-bays-form]");
const said = document.querySelector("[data-bays-said]");
const FAR = 6;
let drag = null;
let carried = null;

function tell(words) {
  said.textContent = words;
}

function put(job, place) {
  form.action = job.dataset.job;
  form.elements.bay_id.value = place.dataset.bay;
  form.elements.at.value = place.dataset.at;
  form.requestSubmit();
}

function aim(place) {
  frame.querySelector(".bay-aim")?.classList.remove("bay-aim");
  place?.classList.add("bay-aim");
}

function placeAt(x, y) {
  return document.elementFromPoint(x, y)?.closest("td.bay-free") ?? null;
}

document.addEventListener("pointerdown", (event) => {
  const job = event.target.closest("[data-job]");
  if (!job || event.button !== 0) return;
  // A finger scrolls; it drags by the grip. A mouse drags anywhere.
  if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
  drag = { job, x: event.clientX, y: event.clientY, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const dx = event.clientX - drag.x;
  const dy = event.clientY - drag.y;
  if (!drag.moved && Math.hypot(dx, dy) < FAR) return;
  drag.moved = true;
  drag.job.classList.add("job-carried");
  document.body.classList.add("dragging");
  aim(placeAt(event.clientX, event.clientY));
});

function endDrag() {
  drag?.job.classList.remove("job-carried");
  document.body.classList.remove("dragging");
  aim(null);
  drag = null;
}

document.addEventListener("pointerup", (event) => {
  if (!drag) return;
  const { job, moved } = drag;
  const place = moved ? placeAt(event.clientX, event.clientY) : null;
  endDrag();
  if (!moved) return;
  job.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => job.removeEventListener("click", stop, { capture: true }), 0);
  if (place) put(job, place);
});
document.addEventListener("pointercancel", endDrag);

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

// A link is dragged by the browser itself unless it is told not to.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-job]")) event.preventDefault();
});

const free = () => [...frame.querySelectorAll("td.bay-free")];

function next(place, key) {
  const box = place.getBoundingClientRect();
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best = null;
  let least = Infinity;
  for (const one of free()) {
    const there = one.getBoundingClientRect();
    const along = sideways ? there.left - box.left : there.top - box.top;
    const across = sideways ? there.top - box.top : there.left - box.left;
    if (along * sign < 4) continue;
    const cost = along * sign + Math.abs(across) * 20;
    if (cost < least) [least, best] = [cost, one];
  }
  return best;
}

function show(place) {
  aim(place);
  place.scrollIntoView({ block: "nearest", inline: "nearest" });
  const words = frame.dataset.saidFree;
  tell(words.replace("{bay}", place.dataset.name).replace("{time}", place.dataset.time));
}

function lay(words) {
  carried?.job.classList.remove("job-carried");
  carried = null;
  aim(null);
  tell(words);
}

document.addEventListener("keydown", (event) => {
  const job = event.target.closest?.("[data-job]");
  if (!job || !frame) return;
  if (!carried && event.key === " ") {
    event.preventDefault();
    const place = free()[0];
    if (!place) return;
    carried = { job, place };
    job.classList.add("job-carried");
    tell(frame.dataset.saidUp);
    aim(place);
  } else if (carried && event.key.startsWith("Arrow")) {
    event.preventDefault();
    carried.place = next(carried.place, event.key) ?? carried.place;
    show(carried.place);
  } else if (carried && (event.key === " " || event.key === "Enter")) {
    event.preventDefault();
    const { place } = carried;
    lay(frame.dataset.saidDown);
    put(job, place);
  } else if (carried && event.key === "Escape") {
    event.preventDefault();
    lay(frame.dataset.saidLeft);
  }
});
