// Starts the page: follows one person, and draws again what a change has touched.

import { makeConversation } from "./conversation.js";
import { makeHome } from "./home.js";
import { makeModal } from "./modal.js";
import { followPermalink, go, isWide, onMove, place } from "./route.js";
import { act, follow } from "./server.js";
import { drawSidebar } from "./sidebar.js";
import { learn, me, room, state } from "./store.js";
import { makeThread } from "./thread.js";
import { toast } from "./dom.js";

const FIRST_PERSON = "ann";
const FIRST_ROOM = "C0GENERAL";

const app = document.getElementById("app");
const main = document.getElementById("main");
const sidebar = document.getElementById("sidebar");
const aside = document.getElementById("thread");
const conversation = makeConversation();
const home = makeHome();
const thread = makeThread(() => draw());
const modal = makeModal();
aside.append(thread.node);

let leave = () => {};
let following = "";
let drawn = { room: "" };
let waiting = new Set();

/** Follow the person the address names, and open the place it names. */
function arrive() {
  const { person, room: id } = place();
  if (!person) {
    go({ person: localStorage.getItem("person") ?? FIRST_PERSON, room: isWide() ? FIRST_ROOM : "" });
    return;
  }
  if (person !== following) {
    leave();
    state.ready = false;
    following = person;
    localStorage.setItem("person", person);
    leave = follow(person, take, () => {
      if (state.connected) toast("The workspace does not answer; trying again.");
      state.connected = false;
    });
    return;
  }
  if (!id && isWide()) {
    go({ room: FIRST_ROOM });
    return;
  }
  draw();
}

function take(change) {
  const parts = learn(change);
  if (change.type === "state") arrived();
  parts.forEach((part) => waiting.add(part));
  if (waiting.size) requestAnimationFrame(flush);
}

/** A person's conversations differ: what this one does not see, or names by another id, is left. */
function arrived() {
  const { room: id } = place();
  drawn = { room: "" };
  if (id.startsWith("D")) go({ room: state.rooms.find((one) => one.direct).id });
  else if (id && id !== "home" && !room(id)) go({ room: FIRST_ROOM });
  else if (!id && isWide()) go({ room: FIRST_ROOM });
}

function flush() {
  const parts = waiting;
  waiting = new Set();
  if (!state.ready || !parts.size) return;
  const { room: id, thread: ts } = place();
  if (parts.has("main") || parts.has("header")) draw();
  else {
    if (parts.has("sidebar")) drawSidebar(sidebar, id);
    if (parts.has("stream") && room(id)) conversation.show(id);
    if (parts.has("thread") && ts && room(id)) thread.show(id, ts);
    if (parts.has("home") && id === "home") home.show();
  }
  if (parts.has("modal")) modal.show();
  read(id);
}

function draw() {
  if (!state.ready) return;
  const { room: id, thread: ts } = place();
  app.dataset.screen = !id ? "rooms" : ts && room(id) ? "thread" : "room";
  drawSidebar(sidebar, id);
  const pane = id === "home" ? home.node : conversation.node;
  if (main.firstElementChild !== pane) main.replaceChildren(pane);
  aside.hidden = !(ts && room(id));
  if (!aside.hidden) thread.show(id, ts);
  if (id === "home") home.show();
  else if (room(id)) conversation.show(id);
  modal.show();
  enter(id);
}

/** Do what opening a place does: the bot hears of its tabs, and messages count as read. */
function enter(id) {
  document.title = `${me().real_name} · ${state.team}`;
  if (drawn.room === id) return;
  drawn = { room: id };
  const direct = room(id)?.direct;
  if (id === "home" || direct) act("home", { person: state.you, tab: direct ? "messages" : "home" }).catch(() => {});
  read(id);
}

function read(id) {
  const open = room(id);
  const all = [...(state.messages.get(id)?.keys() ?? [])].sort();
  if (!open || document.hidden || !all.length || !open.unread?.messages) return;
  open.unread = { messages: 0, mentions: 0 };
  act("read", { person: state.you, channel: id, ts: all.at(-1) }).catch(() => {});
}

document.addEventListener("visibilitychange", () => state.ready && read(place().room));
document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const link = event.target.closest?.("[data-room]");
  if (link) {
    event.preventDefault();
    go({ room: link.dataset.room });
  }
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(document.body));

function closeMenus(besides) {
  for (const menu of document.querySelectorAll("details.overflow[open]")) if (!menu.contains(besides)) menu.open = false;
}

onMove(arrive);
followPermalink(localStorage.getItem("person") ?? FIRST_PERSON);
arrive();
