// Where the page stands, kept in the address so that Back works: #/ann/C0APPS, #/ann/C0APPS/THREAD-TS, #/ann/home.

let moved = () => {};

const WIDE = matchMedia("(min-width: 900px)");

/** The place that the address names; `room` is empty on the list of conversations. */
export function place() {
  const [, person = "", room = "", thread = ""] = location.hash.split("/");
  return { person, room, thread };
}

/** Go to a place; what is not given stays, but for the thread. */
export function go({ person = place().person, room = place().room, thread = "" }) {
  const hash = ["#", person, room, thread].join("/").replace(/\/+$/, "");
  if (location.hash === hash) return;
  location.hash = hash;
  moved(); // the event comes later; nobody should see the old place in between
}

/** Whether all panes fit side by side. */
export const isWide = () => WIDE.matches;

/** Call `listener` whenever the place or the width changes. */
export function onMove(listener) {
  moved = listener;
  addEventListener("hashchange", moved);
  WIDE.addEventListener("change", moved);
}

/** Turn a permalink (/archives/C0APPS/p1760000000000100?thread_ts=...) into a place, once, at the start. */
export function followPermalink(person) {
  const [, room, digits] = /^\/archives\/(\w+)\/p(\d{16})$/.exec(location.pathname) ?? [];
  if (!room) return;
  const ts = `${digits.slice(0, 10)}.${digits.slice(10)}`;
  const thread = new URLSearchParams(location.search).get("thread_ts") ?? ts;
  history.replaceState(null, "", `/#/${person}/${room}/${thread}`);
}
