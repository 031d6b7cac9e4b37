"""Puts messages into conversations, edits and removes them, and tells every page that sees them."""

from dataclasses import replace

from workspace import people, rooms
from workspace.limits import MESSAGE_TEXT
from workspace.people import APP_ID, BOT_ID, BOT_NAME, BOT_USER, SLACKBOT, TEAM_ID
from workspace.rooms import Room
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json, Refusal

_RECENT = 200  # roots of one conversation that a page gets at once; older threads come when they are opened


def content(text: str, blocks: list[Json], metadata: Json | None = None) -> Json:
    """Make the body of a message of the bot, without its place."""
    body: Json = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "text": text[:MESSAGE_TEXT],
        "bot_profile": {"id": BOT_ID, "app_id": APP_ID, "name": BOT_NAME, "team_id": TEAM_ID, "deleted": False},
    }
    if blocks:
        body["blocks"] = blocks
    if metadata:
        body["metadata"] = metadata
    return body


def post(workspace: Workspace, where: Room, body: Json, *, thread: str = "", visible_to: str = "") -> Kept:
    """Keep a new message and show it.

    *thread* is the ts of any message of the thread. Raises Refusal("thread_not_found").
    """
    if thread:
        thread = thread_root(workspace, where, thread).ts
    ts = workspace.next_ts()
    placed = {**body, "ts": ts, **({"thread_ts": thread} if thread else {})}
    if visible_to:
        placed |= {"is_ephemeral": True}
    kept = Kept(where.id, ts, placed, thread, visible_to)
    workspace.store.put(kept)
    show(workspace, kept)
    rooms.count_new(workspace, where, kept)
    return kept


def notice(workspace: Workspace, where: Room, person: str, text: str, *, thread: str = "") -> Kept:
    """Tell one person something in the name of the workspace itself, as Slackbot does."""
    body = {"type": "message", "user": SLACKBOT, "team": TEAM_ID, "text": text}
    return post(workspace, where, body, thread=thread, visible_to=person)


def thread_root(workspace: Workspace, where: Room, ts: str) -> Kept:
    """Find the root of the thread that the message at *ts* is in.

    Raises Refusal("thread_not_found"); a message that only one person sees has no thread.
    """
    found = workspace.store.get(where.id, ts)
    if found is not None and found.thread:
        found = workspace.store.get(where.id, found.thread)
    if found is None or found.visible_to:
        raise Refusal("thread_not_found")
    return found


def edit(workspace: Workspace, kept: Kept, text: str | None, blocks: list[Json] | None, metadata: Json | None) -> Kept:
    """Change a message the way chat.update does.

    Without *blocks* the old ones stay only where *text* is absent too; the ``edited`` mark shows only on an
    edit of the text alone: https://docs.slack.dev/reference/methods/chat.update.
    """
    body = dict(kept.body)
    if text is not None:
        body["text"] = text
    if blocks is not None:
        body["blocks"] = blocks
    elif text is not None:
        body.pop("blocks", None)
        body["edited"] = {"user": BOT_USER, "ts": f"{workspace.clock():.6f}"}
    if not body.get("blocks"):
        body.pop("blocks", None)
    if metadata is not None:
        body["metadata"] = metadata
    changed = replace(kept, body=body)
    workspace.store.put(changed)
    show(workspace, changed)
    return changed


def remove(workspace: Workspace, kept: Kept) -> None:
    """Delete a message; a root with replies leaves a tombstone, so that its thread stays."""
    if not kept.thread and workspace.store.replies(kept.channel, kept.ts):
        body = {"type": "message", "subtype": "tombstone", "user": SLACKBOT, "ts": kept.ts, "hidden": True}
        tombstone = replace(kept, body={**body, "text": "This message was deleted."})
        workspace.store.put(tombstone)
        show(workspace, tombstone)
        return
    workspace.store.remove(kept.channel, kept.ts)
    change = {"type": "gone", "channel": kept.channel, "ts": kept.ts, "thread_ts": kept.thread}
    _tell(workspace, kept, change)
    where = rooms.room(kept.channel)
    for person in people.PEOPLE:
        if person.id in rooms.members(workspace, where):
            rooms.recount(workspace, person.id, where)


def as_sent(workspace: Workspace, kept: Kept) -> Json:
    """Give a message as the Web API and the page receive it: a root knows its replies."""
    if kept.thread or kept.visible_to:
        return kept.body
    replies = workspace.store.replies(kept.channel, kept.ts)
    if not replies:
        return kept.body
    who = list(dict.fromkeys(str(reply.body.get("user")) for reply in replies))
    return {
        **kept.body,
        "thread_ts": kept.ts,
        "reply_count": len(replies),
        "reply_users": who,
        "reply_users_count": len(who),
        "latest_reply": replies[-1].ts,
    }


def recent(workspace: Workspace, where: Room, person: str) -> list[Json]:
    """List what *person* sees of *where*: the newest roots and all replies to them."""
    roots = workspace.store.roots(where.id, person=person, most=_RECENT)
    replies = [reply for root in roots for reply in workspace.store.replies(where.id, root.ts, person=person)]
    return [as_sent(workspace, one) for one in (*roots, *replies)]


def show(workspace: Workspace, kept: Kept) -> None:
    """Tell the pages about a message, and about its root when it is a reply."""
    _tell(workspace, kept, {"type": "message", "channel": kept.channel, "message": as_sent(workspace, kept)})
    root = workspace.store.get(kept.channel, kept.thread) if kept.thread and not kept.visible_to else None
    if root is not None:
        _tell(workspace, root, {"type": "message", "channel": root.channel, "message": as_sent(workspace, root)})


def _tell(workspace: Workspace, kept: Kept, change: Json) -> None:
    inside = rooms.members(workspace, rooms.room(kept.channel))
    for person in inside:
        if kept.visible_to in {"", person}:
            workspace.feed.tell(change, person=person)
