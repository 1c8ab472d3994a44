// [data-watch]: what is under way is read again every two seconds; when it is done, the whole page is.

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const watched = (page) => [...page.querySelectorAll("[data-watch]")];

async function watch() {
  for (;;) {
    await wait(2000);
    if (document.hidden) continue;
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = watched(page);
    const shown = watched(document);
    if (fresh.length === 0 || fresh.length !== shown.length) break;
    shown.forEach((part, at) => part.replaceWith(document.importNode(fresh[at], true)));
  }
  location.reload();
}

if (document.querySelector("[data-watch]")) watch().catch(() => location.reload());
