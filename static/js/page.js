// What every page has: copying, asking before a weighty step, counting down, closing menus, printing.
import "./copy.js";
import "./confirm.js";
import "./countdown.js";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A second press of the same button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.getElementById("error-summary")?.focus();

// A device that keeps the list of a door forgets it when the event is over, and at signing out.
try {
  if (localStorage.getItem("door-lists-until")) import("./door-kept.js").then((lists) => lists.guardLists());
} catch {
  // A browser that keeps nothing keeps no list either.
}
