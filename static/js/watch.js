// [data-watch]: what is under way is read again every two seconds; when it is done, the whole page is.
// Its value is the page's own address, where the page may be the answer to something that was sent.

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const watched = (page) => [...page.querySelectorAll("[data-watch]")];

const again = (address) => (address === location.href ? location.reload() : location.replace(address));

async function watch(address) {
  for (;;) {
    await wait(2000);
    if (document.hidden) continue;
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = watched(page);
    const shown = watched(document);
    if (fresh.length === 0 || fresh.length !== shown.length) break;
    shown.forEach((part, at) => part.replaceWith(document.importNode(fresh[at], true)));
  }
  again(address);
}

const [first] = watched(document);
if (first) {
  const address = first.dataset.watch || location.href;
  watch(address).catch(() => again(address));
}
