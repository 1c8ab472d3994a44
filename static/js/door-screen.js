// What the door on this device shows: it fills the page's own elements and templates, and knows no rule.
import { ageOf, clockIn, filled } from "./filled.js";

const root = document.querySelector("[data-app]");
export const words = JSON.parse(document.querySelector("[data-words]").textContent);
const part = (name) => document.querySelector(`[data-${name}]`);
const TROUBLES = { "signed-out": "signed_out", "not-taken": "not_taken", "no-right": "no_right" };

const made = (name, fill) => filled(`door-${name}`, fill);

function drawPlate(node, plate) {
  const place = node.querySelector("[data-plate]");
  const text = (plate ?? "").replace(/[·\s]/g, "");
  place.hidden = !text;
  place.classList.add(text.length === 8 ? "plate-green" : "plate-blue");
  place.children[0].textContent = text.slice(0, 2);
  place.children[1].textContent = text.slice(2);
  return node;
}

const clock = clockIn(root.dataset.zone);
const people = (number) => (number === 1 ? words.person : words.people).replace("{n}", number);
const facts = (row) => [people(row.party), row.slot && clock(row.slot), row.number && words.place.replace("{n}", row.number)].filter(Boolean).join(" · ");
const needs = (row) => row?.needs?.length && words.needs.replace("{things}", row.needs.join(words.comma));

export function screenOf(acts) {
  let drawn = { list: null, step: null };

  function seen(one) {
    const stepName = drawn.list.steps.find((step) => step.id === one.step)?.name ?? words.door;
    return words.seen.replace("{time}", clock(one.at)).replace("{where}", [stepName, one.door].filter(Boolean).join(" · "));
  }

  function steps({ list, step }) {
    const count = (id) => list.rows.filter((row) => row.seen.some((one) => (one.step ?? null) === id)).length;
    const all = [{ id: null, name: words.door }, ...list.steps];
    part("steps").hidden = all.length < 2;
    part("steps").replaceChildren(
      ...all.map((one) => {
        const button = made("step", { name: one.name, count: String(count(one.id)) });
        if (one.id === step) button.setAttribute("aria-current", "step");
        button.addEventListener("click", () => acts.choose(one.id));
        return button;
      }),
    );
  }

  function counts({ list, step }) {
    const expected = list.rows.filter((row) => row.state === "confirmed");
    const here = expected.filter((row) => row.seen.some((one) => (one.step ?? null) === step));
    const total = (rows) => rows.reduce((sum, row) => sum + row.party, 0);
    part("here").textContent = here.length;
    part("expected").textContent = expected.length;
    part("people-here").textContent = total(here);
    part("people").textContent = total(expected);
    part("to-come").textContent = expected.length - here.length;
  }

  function found() {
    const text = part("search").value.trim().toUpperCase().replace(/[·\s]/g, "");
    const rows = text ? drawn.list.rows.filter((row) => row.name && `${row.name}${row.plate}`.toUpperCase().replace(/[·\s]/g, "").includes(text)) : [];
    part("nobody").hidden = !text || rows.length > 0;
    part("found").replaceChildren(
      ...rows.slice(0, 20).map((row) => {
        const line = drawPlate(made("line", { name: row.name, facts: facts(row), needs: needs(row) }), row.plate);
        const before = row.seen.find((one) => (one.step ?? null) === drawn.step);
        const button = line.querySelector("button");
        line.querySelector("[data-slot=state]").textContent = before ? clock(before.at) : row.state === "waiting" ? words.waits : "";
        button.hidden = Boolean(before) || row.state !== "confirmed";
        button.addEventListener("click", () => acts.pick(row.id));
        return line;
      }),
    );
  }

  function draw(next) {
    drawn = next;
    const { event, list } = next;
    part("unready").hidden = !event || Boolean(list);
    part("ready").hidden = !list;
    part("heading").textContent = list?.title ?? words.heading;
    part("when").textContent = list?.when ?? "";
    if (!list) return;
    part("age").textContent = ageOf(list, words, clock);
    steps(next);
    counts(next);
    found();
  }

  function answer({ kind, word, why, row, undo, undoes }) {
    const box = part("answer");
    box.className = `door-answer door-${kind}`;
    const node = drawPlate(made("answer", { word, why, name: row?.name, facts: row?.name && facts(row), needs: needs(row) }), row?.plate);
    const icon = document.getElementById(`door-icon-${kind}`).content.firstElementChild;
    node.querySelector("[data-icon]").append(icon.cloneNode(true));
    const button = node.querySelector("button");
    button.hidden = !undo;
    if (undoes) button.lastChild.textContent = undoes;
    button.addEventListener("click", () => acts.undo(undo));
    box.replaceChildren(node);
    part("code").value = "";
    navigator.vibrate?.(kind === "yes" ? 60 : [80, 60, 80]);
  }

  function lineOf(row, list) {
    const { mark } = row;
    const name = list?.rows.find((one) => one.id === mark.registration_id)?.name ?? words.somebody;
    const step = list?.steps.find((one) => one.id === mark.step_id)?.name ?? words.door;
    return { name, what: `${clock(mark.happened_at)} · ${mark.undoes ? words.undone : step}`, why: row.refused };
  }

  function queue({ waiting, refused }, list) {
    part("queue").hidden = !waiting.length && !refused.length;
    part("waiting").textContent = waiting.length ? (waiting.length === 1 ? words.one_waits : words.many_wait.replace("{n}", waiting.length)) : "";
    part("unsent").textContent = waiting.length || "";
    const lines = [...refused, ...waiting].map((row) => {
      const line = made("mark", lineOf(row, list));
      const button = line.querySelector("button");
      button.hidden = !row.refused;
      button.addEventListener("click", () => acts.dismiss(row.mark.request_id));
      return line;
    });
    part("marks").replaceChildren(...lines);
  }

  function second(number, list) {
    const row = list?.rows.find((one) => one.seen.some((mark) => mark.request === number));
    if (row) answer({ kind: "again", word: words.again, why: words.second, row, undo: number, undoes: words.undo_second });
  }

  function network(on) {
    root.dataset.network = on ? "on" : "off";
    part("net").textContent = on ? words.online : words.offline;
    part("online-only").hidden = !on;
  }

  function trouble(name) {
    if (name) network(name !== "no-network");
    const key = TROUBLES[name];
    part("trouble").hidden = !key;
    part("trouble-words").textContent = key ? words[key] : "";
    part("sign-in").hidden = name !== "signed-out";
  }

  function doors(lists, rolls) {
    part("doors").hidden = false;
    part("no-doors").hidden = lists.length + rolls.length > 0;
    const line = (list, title, address) => {
      const drawn = made("door", { title, when: list.when, age: ageOf(list, words, clock) });
      drawn.querySelector("a").href = address;
      return drawn;
    };
    part("door-list").replaceChildren(
      ...lists.map((list) => line(list, list.title, `/desk/check-in/device?event=${list.event}`)),
      ...rolls.map((list) => line(list, words.roll.replace("{title}", list.title), `/desk/events/${list.event}/trip/roll-call`)),
    );
  }

  function camera(one, reads) {
    const [begin, end] = [part("camera-start"), part("camera-stop")];
    begin.hidden = !reads;
    const show = (running) => {
      begin.hidden = running;
      end.hidden = !running;
    };
    begin.addEventListener("click", () => (show(true), one.start()));
    end.addEventListener("click", () => (show(false), one.stop()));
  }

  function noCamera() {
    part("camera-start").hidden = true;
    part("camera-stop").hidden = true;
    part("camera-words").textContent = words.no_camera;
  }

  part("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    acts.look(part("code").value);
  });
  part("search").addEventListener("input", found);
  for (const button of root.querySelectorAll("[data-prepare]")) button.addEventListener("click", acts.prepare);
  part("forget").addEventListener("submit", (event) => {
    event.preventDefault();
    delete event.target.dataset.agreed;
    acts.forgetList();
  });
  part("label").value = localStorage.getItem("door-label") ?? "";
  part("label").addEventListener("change", (event) => acts.named(event.target.value.trim()));
  network(navigator.onLine);
  return { draw, answer, queue, second, network, trouble, doors, camera, noCamera, clock, seen };
}
