// What the page knows, and how a change from the workspace alters it.

export const state = {
  ready: false,
  connected: false,
  you: "",
  team: "",
  bot: { user: "", name: "", connections: 0 },
  people: [],
  groups: [],
  rooms: [],
  messages: new Map(), // room id -> Map of ts -> message
  commands: [],
  offers: [],
  modal: [],
  home: null,
};

/** Take in one change; gives the names of the parts of the page that must be drawn again. */
export function learn(change) {
  const taken = CHANGES[change.type];
  return taken ? taken(change) : [];
}

export const me = () => state.people.find((one) => one.id === state.you);
export const room = (id) => state.rooms.find((one) => one.id === id);
export const directRoom = () => state.rooms.find((one) => one.direct);
export const message = (roomId, ts) => state.messages.get(roomId)?.get(ts);

/** The messages of a room outside threads, oldest first. */
export const roots = (roomId) =>
  sorted(roomId).filter((one) => !one.thread_ts || one.thread_ts === one.ts || one.reply_broadcast);

/** A thread, its root first. */
export const thread = (roomId, ts) => sorted(roomId).filter((one) => one.ts === ts || one.thread_ts === ts);

/** Keep messages that were asked for one by one, such as an old thread. */
export function keep(roomId, messages) {
  const known = state.messages.get(roomId) ?? new Map();
  for (const one of messages) known.set(one.ts, one);
  state.messages.set(roomId, known);
}

function sorted(roomId) {
  return [...(state.messages.get(roomId)?.values() ?? [])].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

const CHANGES = {
  state(change) {
    const { type, messages, ...rest } = change;
    Object.assign(state, rest, { ready: true, connected: true });
    state.messages = new Map();
    for (const [id, list] of Object.entries(messages)) keep(id, list);
    return ["sidebar", "main", "thread", "modal"];
  },
  message(change) {
    keep(change.channel, [change.message]);
    return ["stream", "thread"];
  },
  gone(change) {
    state.messages.get(change.channel)?.delete(change.ts);
    return ["stream", "thread"];
  },
  unread(change) {
    const found = room(change.room);
    if (found) found.unread = { messages: change.messages, mentions: change.mentions };
    return ["sidebar"];
  },
  attention(change) {
    const person = state.people.find((one) => one.id === change.person);
    if (person) person.attention = change.count;
    return ["sidebar"];
  },
  room(change) {
    const found = room(change.room.id);
    if (found) Object.assign(found, change.room);
    return ["sidebar", "header"];
  },
  person(change) {
    const found = state.people.find((one) => one.id === change.person.id);
    if (found) Object.assign(found, change.person);
    return ["sidebar"];
  },
  bot(change) {
    state.bot.connections = change.connections;
    return ["sidebar", "header"];
  },
  modal(change) {
    state.modal = change.views;
    return ["modal"];
  },
  home(change) {
    state.home = change.view;
    return ["home"];
  },
};
