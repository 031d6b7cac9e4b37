"""Conversations: channels and the direct ones, who is inside, and what people have not read."""

import json
from dataclasses import dataclass

from workspace import people
from workspace.people import BOT_USER
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json, Refusal


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation. *person* is the other end of a direct one, and empty for a channel."""

    id: str
    name: str
    person: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether this is the direct conversation of one person with the bot."""
        return bool(self.person)


_DIRECT = tuple(Room(people.direct_channel(one.id), "directmessage", one.id) for one in people.PEOPLE)
_CHANNELS = tuple(Room(one.id, one.name) for one in people.CHANNELS)


def every_room() -> tuple[Room, ...]:
    """List all channels, then all direct conversations."""
    return (*_CHANNELS, *_DIRECT)


def room(named: str) -> Room:
    """Find a conversation by id, ``#name``, name, or the id of a person (their direct one), as chat.postMessage does.

    Raises Refusal("channel_not_found").
    """
    wanted = named.removeprefix("#")
    for one in every_room():
        if wanted in {one.id, one.person} or (wanted == one.name and not one.is_direct):
            return one
    raise Refusal("channel_not_found")


def members(workspace: Workspace, where: Room) -> tuple[str, ...]:
    """List the ids of those inside *where*, people first."""
    if where.is_direct:
        return (where.person, BOT_USER)
    channel = next(one for one in people.CHANNELS if one.id == where.id)
    inside = workspace.store.fact(f"bot inside:{where.id}", channel.bot_inside)
    return (*channel.members, *((BOT_USER,) if inside else ()))


def set_bot_inside(workspace: Workspace, where: Room, *, inside: bool) -> None:
    """Let the bot into a channel, or take it out."""
    workspace.store.put_fact(f"bot inside:{where.id}", inside)
    workspace.feed.tell({"type": "room", "room": describe(workspace, where)})


def is_archived(workspace: Workspace, where: Room) -> bool:
    """Tell whether a channel was archived."""
    return bool(workspace.store.fact(f"archived:{where.id}", otherwise=False))


def writable(workspace: Workspace, named: str) -> Room:
    """Find a conversation that the bot may write to.

    Raises Refusal: ``channel_not_found``, ``is_archived``, ``not_in_channel``.
    """
    where = readable(workspace, named)
    if is_archived(workspace, where):
        raise Refusal("is_archived")
    return where


def readable(workspace: Workspace, named: str) -> Room:
    """Find a conversation that the bot is inside of.

    Raises Refusal: ``channel_not_found``, ``not_in_channel``.
    """
    where = room(named)
    if BOT_USER not in members(workspace, where):
        raise Refusal("not_in_channel")
    return where


def rooms_of(workspace: Workspace, person: str) -> list[Room]:
    """List the conversations that *person* sees."""
    return [one for one in every_room() if person in members(workspace, one)]


def is_deactivated(workspace: Workspace, person: str) -> bool:
    """Tell whether an admin has deactivated this person's account."""
    return bool(workspace.store.fact(f"deactivated:{person}", otherwise=False))


def mark_read(workspace: Workspace, person: str, where: Room, ts: str) -> None:
    """Note that *person* has read *where* up to *ts*."""
    workspace.store.put_fact(f"read:{person}:{where.id}", ts)
    recount(workspace, person, where)


def recount(workspace: Workspace, person: str, where: Room) -> None:
    """Count anew what *person* has not read in *where*, and show it."""
    workspace.unread.pop((person, where.id), None)
    _show_unread(workspace, person, where)


def count_new(workspace: Workspace, where: Room, message: Kept) -> None:
    """Count a message that was just posted for everybody who sees it and did not write it."""
    content = json.dumps(message.body)
    for person in members(workspace, where):
        if person == BOT_USER or message.visible_to not in {"", person} or message.body.get("user") == person:
            continue
        known = workspace.unread.get((person, where.id))
        if known is not None:  # else it is counted from the store, which has the message already
            called = where.is_direct or any(word in content for word in _calls(person))
            workspace.unread[person, where.id] = (known[0] + 1, known[1] + called)
        _show_unread(workspace, person, where)


def unread(workspace: Workspace, person: str, where: Room) -> Json:
    """Count what *person* has not read in *where*: ``messages``, and ``mentions``, which call for an answer.

    Edits count for nothing, as in Slack. The counts are kept in memory, because every page shows all of them.
    """
    key = (person, where.id)
    if key not in workspace.unread:
        since = workspace.store.fact(f"read:{person}:{where.id}", "0")
        fresh, calling = workspace.store.count_after(where.id, since, person=person, words=_calls(person))
        workspace.unread[key] = (fresh, fresh if where.is_direct else calling)
    fresh, calling = workspace.unread[key]
    return {"messages": fresh, "mentions": calling}


def attention(workspace: Workspace, person: str) -> int:
    """Count everything that waits for *person*: unread direct messages and mentions."""
    return sum(unread(workspace, person, one)["mentions"] for one in rooms_of(workspace, person))


def _calls(person: str) -> tuple[str, ...]:
    groups = (f"<!subteam^{group.id}" for group in people.GROUPS if person in group.members)
    in_rich_text = f'"user_id": "{person}"'
    return (f"<@{person}", in_rich_text, "<!here", "<!channel", *groups)


def _show_unread(workspace: Workspace, person: str, where: Room) -> None:
    workspace.feed.tell({"type": "unread", "room": where.id, **unread(workspace, person, where)}, person=person)
    workspace.feed.tell({"type": "attention", "person": person, "count": attention(workspace, person)})


def describe(workspace: Workspace, where: Room) -> Json:
    """Describe a conversation for the page."""
    purpose = next((one.purpose for one in people.CHANNELS if one.id == where.id), "")
    inside = BOT_USER in members(workspace, where)
    return {
        "id": where.id,
        "name": where.name,
        "direct": where.is_direct,
        "purpose": purpose,
        "bot_inside": inside,
        "archived": is_archived(workspace, where),
    }
