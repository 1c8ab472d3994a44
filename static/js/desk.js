// The desk: "/" goes to the search, links with data-drawer open beside the list, and where
// one is stays in sight where the navigation is longer than the screen.

const search = document.getElementById("desk-search");
const drawer = document.getElementById("drawer");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.metaKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  search?.focus();
  search?.select();
});

for (const here of document.querySelectorAll(".desk-nav [aria-current], .shelves [aria-current]"))
  here.scrollIntoView({ block: "nearest" });

async function openDrawer(link) {
  const answer = await fetch(link.href);
  if (!answer.ok || answer.redirected) {
    location.href = link.href;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector("[data-drawer-content]");
  const found = part ? [part] : page.querySelector("#main").childNodes;
  const place = drawer.querySelector(".drawer-content");
  place.replaceChildren(...Array.from(found, (node) => document.importNode(node, true)));
  drawer.showModal();
  place.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer]");
  if (link && drawer && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    openDrawer(link).catch(() => {
      location.href = link.href;
    });
  }
  if (event.target === drawer || event.target.closest("[data-drawer-close]")) drawer?.close();
});
