// The lists of people that this device keeps for its doors and for the roll calls of trips, and when it
// forgets them: at signing out, when an event is over, and by a button. The marks that were not sent yet
// hold no names and stay.
//
//     const lists = keptAs("lists");     // or "rolls"
//     await lists.keep(list);            // { event, erase_at, … }

const BASE = "marque-door";
const VERSION = 2;
const STORES = ["lists", "rolls"];
const UNTIL = "door-lists-until";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(BASE, VERSION);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      for (const name of STORES) if (!base.objectStoreNames.contains(name)) base.createObjectStore(name, { keyPath: "event" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  });
}

async function within(name, mode, act) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction(name, mode);
      const asked = act(work.objectStore(name));
      work.oncomplete = () => done(asked?.result);
      work.onabort = () => failed(work.error);
    });
  } finally {
    base.close();
  }
}

// The moment of the last erasing stands beside the lists, so that other pages need not open them.
async function noteUntil() {
  const rows = (await Promise.all(STORES.map((name) => within(name, "readonly", (store) => store.getAll())))).flat();
  if (rows.length) localStorage.setItem(UNTIL, String(Math.max(...rows.map((row) => Date.parse(row.erase_at)))));
  else localStorage.removeItem(UNTIL);
}

export function keptAs(name) {
  async function keep(list) {
    await within(name, "readwrite", (store) => store.put(list));
    await noteUntil();
  }

  // The list as it is by now; one that was forgotten meanwhile, in another tab, does not come back.
  async function renew(list) {
    if (await within(name, "readonly", (store) => store.get(list.event))) await keep(list);
  }

  async function forget(event) {
    await within(name, "readwrite", (store) => store.delete(event));
    await noteUntil();
  }

  async function forgetOver() {
    const over = (await within(name, "readonly", (store) => store.getAll())).filter((row) => Date.parse(row.erase_at) < Date.now());
    for (const row of over) await forget(row.event);
  }

  async function kept(event) {
    await forgetOver();
    return within(name, "readonly", (store) => store.get(event));
  }

  async function allKept() {
    await forgetOver();
    return within(name, "readonly", (store) => store.getAll());
  }

  return { keep, renew, forget, kept, allKept };
}

export function forgetAll() {
  localStorage.removeItem(UNTIL);
  return new Promise((done) => {
    const asked = indexedDB.deleteDatabase(BASE);
    asked.onsuccess = asked.onerror = done;
  });
}

// On every page of the club: a list whose event is over goes, and signing out takes all of them.
export function guardLists() {
  const until = Number(localStorage.getItem(UNTIL));
  if (!until) return;
  if (until < Date.now()) forgetAll();
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!form.matches("form[action='/sign-out']")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await forgetAll();
      HTMLFormElement.prototype.submit.call(form);
    },
    true,
  );
}
