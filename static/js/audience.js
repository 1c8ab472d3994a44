// Choosing members: the count and the list follow each tick without a reload.

const form = document.querySelector("form[data-audience]");
const list = document.querySelector("[data-audience-list]");
let asked = 0;
let timer;

async function refresh() {
  const mine = ++asked;
  const address = `${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-audience-list]");
  if (mine !== asked || !found) return;
  list.replaceChildren(...Array.from(found.childNodes, (node) => document.importNode(node, true)));
  history.replaceState(null, "", address);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => form.requestSubmit()), 200);
});
