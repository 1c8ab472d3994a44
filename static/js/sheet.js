// The check sheet saves each point by itself. What could not be sent is kept on the tablet and sent
// when the network is back, also after the page was closed; the buttons do the same without this.

const forms = [...document.querySelectorAll("form[data-sheet]")];
const left = document.querySelector("[data-left]");
const AGAIN = 4000;
let sending = false;

const keyOf = (point) => `sheet:${forms[0].dataset.sheet}:${point}`;
const boxOf = (point) => document.querySelector(`[data-point="${point}"]`);

function fieldsOf(box) {
  return [...box.querySelectorAll("input[name], textarea[name]")].filter(
    (field) => field.type !== "file" && (field.type !== "radio" || field.checked),
  );
}

function keep(box) {
  const fields = fieldsOf(box).map((field) => [field.name, field.value]);
  localStorage.setItem(keyOf(box.dataset.point), JSON.stringify(fields));
}

function tell(box, words, kind = "") {
  box.classList.toggle("sheet-waits", kind === "waits");
  box.classList.toggle("sheet-wrong", kind === "wrong");
  box.querySelector("[data-state]").textContent = words;
}

function pending() {
  if (!forms.length) return [];
  const start = keyOf("");
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length))
    .filter((point) => boxOf(point));
}

function fillIn(box, fields) {
  for (const [name, value] of fields) {
    for (const field of box.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
}

function settle(box, answer, sent) {
  const point = box.dataset.point;
  if (localStorage.getItem(keyOf(point)) === sent) localStorage.removeItem(keyOf(point));
  const colour = answer.saved[point];
  const chosen = box.querySelector('input[type="radio"]:checked');
  if (colour && !chosen) {
    box.querySelector(`input[value="${colour}"]`).checked = true;
    box.dataset.proposed = colour;
  }
  tell(box, box.closest("form").dataset.saved);
  if (left) left.textContent = left.dataset.words.replace("{n}", answer.left);
}

async function send(point) {
  const box = boxOf(point);
  const form = box.closest("form");
  const sent = localStorage.getItem(keyOf(point));
  const body = new URLSearchParams(JSON.parse(sent));
  body.set("csrf_token", form.elements.csrf_token.value);
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body,
    redirect: "manual",
  });
  if (answer.ok) settle(box, await answer.json(), sent);
  else if (answer.status === 422) {
    box.dataset.wrong = sent;
    tell(box, (await answer.json()).refused, "wrong");
  } else {
    tell(box, form.dataset.stale, "wrong");
  }
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (const point of pending()) {
      const box = boxOf(point);
      if (box.dataset.wrong === localStorage.getItem(keyOf(point))) continue;
      try {
        await send(point);
      } catch {
        tell(box, box.closest("form").dataset.waits, "waits");
      }
    }
  } finally {
    sending = false;
  }
}

function changed(event) {
  const box = event.target.closest("[data-point]");
  if (!box || event.target.type === "file") return;
  const typed = event.target.name.startsWith("value-");
  const chosen = box.querySelector('input[type="radio"]:checked');
  if (event.target.type === "radio") delete box.dataset.proposed;
  // A colour that the limits proposed follows the value; one that was chosen by hand stays.
  if (typed && chosen && box.dataset.proposed === chosen.value) chosen.checked = false;
  keep(box);
  flush();
}

for (const form of forms) {
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    for (const box of form.querySelectorAll("[data-point]")) {
      localStorage.removeItem(keyOf(box.dataset.point));
    }
  });
}
for (const point of pending()) {
  const box = boxOf(point);
  fillIn(box, JSON.parse(localStorage.getItem(keyOf(point))));
  tell(box, box.closest("form").dataset.waits, "waits");
}
for (const file of document.querySelectorAll("input[data-send]")) {
  file.addEventListener("change", () => file.files.length && file.form.requestSubmit());
}
globalThis.addEventListener("online", flush);
setInterval(() => pending().length && flush(), AGAIN);
flush();
