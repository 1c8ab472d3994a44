// Choosing members: the count and the list follow each tick without a reload.

const form = document.querySelector("form[data-audience]");
let asked = 0;
let timer;

async function refresh() {
  const mine = ++asked;
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  const address = `${form.action.split("?")[0]}?${new URLSearchParams(chosen)}`;
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked || !answer.ok) return;
  for (const part of document.querySelectorAll("[data-audience-part]")) {
    const found = page.querySelector(`[data-audience-part="${part.dataset.audiencePart}"]`);
    if (!found) continue;
    const nodes = Array.from(found.childNodes, (node) => document.importNode(node, true));
    part.replaceChildren(...nodes);
  }
  history.replaceState(null, "", address);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => form.requestSubmit()), 200);
});
