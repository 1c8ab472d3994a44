// [data-watch]: what is under way is read again every two seconds; when it is done, the whole page is.

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function watch() {
  for (;;) {
    await wait(2000);
    if (document.hidden) continue;
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-watch]");
    if (!fresh) break;
    document.querySelector("[data-watch]").replaceWith(document.importNode(fresh, true));
  }
  location.reload();
}

if (document.querySelector("[data-watch]")) watch().catch(() => location.reload());
