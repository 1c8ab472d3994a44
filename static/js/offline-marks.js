// Marks that are made at once and sent when there is a network: a queue on the device (R27).
//
// Whoever needs one (the door, a roll call at a stop) makes it for an address of the club:
//
//     const marks = marksFor("/desk/events/7/check-in/marks", { token, label, changed });
//     const mark = await marks.add({ registration_id: 12, step_id: null });
//
// token()    answers the CSRF token, freshly asked for; it may throw: "signed-out" or "no-network"
// label()    what people call this device, "" when nobody said
// changed(s) is told after each change: { waiting, refused, trouble, done }. `trouble` is "", "no-network",
//            "signed-out" or "not-taken"; `done` are the answers of the marks that were sent just now
// add(says)  keeps the mark with the device's moment and a request id, of the device's making where none came, and sends
// send()     sends what waits, in its order; page load, "online" and a clock call it too
// all()      what waits and what was refused, oldest first;  dismiss(request_id)  forgets a refused one
//
// The club reads the body with foundation/web/device_marks.py and answers
// {results: [{request_id, outcome, words}]}; outcome "refused" stays on the device until somebody
// has read why. A mark leaves the queue only after its answer, so a lost answer sends it again, and
// the same request id is one record. Marks hold numbers of the club and no word about a person.

const STORE = "marks";
const AT_ONCE = 50;
const AGAIN_AFTER = 20_000;

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("marque-marks", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "place", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(mode, act) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction(STORE, mode);
      const asked = act(work.objectStore(STORE));
      work.oncomplete = () => done(asked?.result);
      work.onabort = () => failed(work.error);
    });
  } finally {
    base.close();
  }
}

// How many marks of any address wait on this device.
export async function waitingHere() {
  const rows = await within("readonly", (store) => store.getAll());
  return rows.filter((row) => !row.refused).length;
}

async function posted(address, body, token) {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("no-network");
  }
}

export function marksFor(address, { token, label, changed }) {
  let sending = null;
  let trouble = "";

  const all = async () => (await within("readonly", (store) => store.getAll())).filter((row) => row.to === address);

  async function tell(done = []) {
    const rows = await all();
    const refused = rows.filter((row) => row.refused);
    await changed({ waiting: rows.filter((row) => !row.refused), refused, trouble, done });
  }

  // A token that has grown old is asked for once more; whoever is signed out gets none.
  async function answered(body) {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await posted(address, body, await token());
      const said = answer.headers.get("Content-Type") ?? "";
      if (answer.redirected) throw new Error("signed-out");
      if (answer.ok && said.includes("json")) return (await answer.json()).results;
      if (answer.status !== 400 || attempt === 2) throw new Error("not-taken");
    }
  }

  async function settle(rows, results) {
    const by = new Map(results.map((one) => [one.request_id, one]));
    await within("readwrite", (store) => {
      for (const row of rows) {
        const result = by.get(row.mark.request_id);
        if (result?.outcome === "refused") store.put({ ...row, refused: result.words });
        else if (result) store.delete(row.place);
      }
    });
  }

  async function sendAll() {
    let done = [];
    try {
      for (;;) {
        const rows = (await all()).filter((row) => !row.refused).slice(0, AT_ONCE);
        trouble = "";
        if (!rows.length) break;
        const body = { sent_at: new Date().toISOString(), device: label(), marks: rows.map((row) => row.mark) };
        const results = await answered(body);
        await settle(rows, results);
        done = done.concat(results);
        if (!results.length) break;
      }
    } catch (failed) {
      trouble = ["no-network", "signed-out"].includes(failed.message) ? failed.message : "not-taken";
    }
    await tell(done);
  }

  // One sender at a time, in all tabs of this browser.
  function send() {
    sending ??= (navigator.locks ? navigator.locks.request("marque-marks", sendAll) : sendAll()).finally(() => {
      sending = null;
    });
    return sending;
  }

  async function add(says) {
    // An id that came along is of a mark whose answer was lost: with it, it stays one record.
    const mark = { request_id: crypto.randomUUID(), happened_at: new Date().toISOString(), ...says };
    await within("readwrite", (store) => store.add({ to: address, mark }));
    await tell();
    (sending ?? Promise.resolve()).then(send);
    return mark;
  }

  async function dismiss(number) {
    const row = (await all()).find((one) => one.mark.request_id === number);
    if (row?.refused) await within("readwrite", (store) => store.delete(row.place));
    await tell();
  }

  addEventListener("online", send);
  setInterval(async () => {
    if ((await all()).some((row) => !row.refused)) send();
  }, AGAIN_AFTER);
  return { add, all, send, dismiss, tell };
}
