// [data-more]: adds five empty rows to its list without asking the server; without JavaScript the button does.

const MORE = 5;

function emptied(row, place) {
  const fresh = row.cloneNode(true);
  const name = (text) => text.replace(/^(\w+)-\d+-/, `$1-${place}-`);
  for (const field of fresh.querySelectorAll("input, select, textarea")) {
    field.name = name(field.name);
    field.id = name(field.id);
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (field.type === "checkbox") field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = Math.max(0, Array.from(field.options).findIndex((one) => one.defaultSelected));
    else if (!field.name.endsWith("-day")) field.value = "";
  }
  for (const label of fresh.querySelectorAll("label[for]")) label.htmlFor = name(label.htmlFor);
  for (const error of fresh.querySelectorAll(".field-error")) error.remove();
  for (const button of fresh.querySelectorAll("button")) button.disabled = true;
  return fresh;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more]");
  const list = button && document.querySelector(`[data-rows="${button.dataset.more}"]`);
  const last = list?.lastElementChild;
  if (!last) return;
  event.preventDefault();
  const numbers = Array.from(list.querySelectorAll("[name]"), (field) => Number(/-(\d+)-/.exec(field.name)?.[1] ?? 0));
  const next = Math.max(...numbers) + 1;
  const fresh = Array.from({ length: MORE }, (_, place) => emptied(last, next + place));
  list.append(...fresh);
  fresh[0].querySelector("input:not([type=hidden]):not([name$='-day'])").focus();
});

// A form that was changed asks before it is left.
const plan = document.getElementById("plan");
let changed = false;
plan?.addEventListener("input", () => {
  changed = true;
});
plan?.addEventListener("submit", () => {
  changed = false;
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
