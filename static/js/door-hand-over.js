// The network is gone while somebody stands at the door: what was just sent goes to the door on this
// device, with its request id, so that an answer that was lost on its way is no second arrival.
import { keptAs } from "./door-kept.js";

const HANDED = "door-handed-over";

export async function handOver(event, body) {
  try {
    if (!(await keptAs("lists").kept(Number(event)))) return false;
  } catch {
    return false;
  }
  const told = Object.fromEntries(["code", "registration_id", "request_id", "step"].map((name) => [name, body.get(name)]));
  sessionStorage.setItem(HANDED, JSON.stringify(told));
  location.assign(`/desk/check-in/device?event=${event}&step=${told.step ?? ""}`);
  return true;
}

// What was handed over, once; null where nothing was.
export function handedOver() {
  const told = sessionStorage.getItem(HANDED);
  sessionStorage.removeItem(HANDED);
  return told && JSON.parse(told);
}
