"""What people write: mentions become ids, and the bot hears what is meant for it."""

import re

from workspace import messages, people, rooms
from workspace.payloads import event
from workspace.people import BOT_USER, TEAM_ID, Person
from workspace.rooms import Room
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json

_MENTION = re.compile(r"(?<![\w@#/.])([@#])([\w-]+)")
_LINK = re.compile(r"(?<![<\w])(https?://[^\s<>|]+)")
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def say(workspace: Workspace, person: Person, where: Room, words: str, *, thread: str = "") -> Kept:
    """Post what *person* wrote; the bot is told when it is mentioned or written to directly."""
    text = _LINK.sub(r"<\1>", mention_ids(_escape(words), labels=False))
    body: Json = {"type": "message", "user": person.id, "team": TEAM_ID, "text": text}
    kept = messages.post(workspace, where, body, thread=thread)
    rooms.mark_read(workspace, person.id, where, kept.ts)
    told = {**kept.body, "channel": where.id, "event_ts": kept.ts}
    if where.is_direct:
        workspace.bot.announce(event(workspace, {**told, "channel_type": "im"}))
    elif f"<@{BOT_USER}>" in text and BOT_USER in rooms.members(workspace, where):
        workspace.bot.announce(event(workspace, {**told, "type": "app_mention"}))
    return kept


def command_text(words: str) -> str:
    """Escape the words of a slash command the way ``should_escape: true`` does.

    ``@ann`` becomes ``<@U0ANN|ann>`` and ``#apps`` becomes ``<#C0APPS|apps>``. A URL stays as it was typed, and
    one that was typed as ``<https://...>`` stays so too.
    """
    pieces = re.split(r"(<https?://[^<>\s]+>)", words)
    return "".join(
        piece if index % 2 else mention_ids(_escape(piece), labels=True) for index, piece in enumerate(pieces)
    )


def mention_ids(words: str, *, labels: bool) -> str:
    """Turn the names of people, groups and channels into ids, with ``|name`` where *labels* is set."""

    def found(match: re.Match[str]) -> str:
        name = match[2].casefold()
        identity = _identity(match[1], name)
        if identity is None:
            return match[0]
        label = f"|{match[1] if identity.startswith('!') else ''}{name}" if labels else ""
        return f"<{identity}{label}>"

    return _MENTION.sub(found, words)


def _identity(sign: str, name: str) -> str | None:
    if sign == "#":
        return next((f"#{one.id}" for one in people.CHANNELS if one.name == name), None)
    if name in {"here", "channel"}:
        return f"!{name}"
    group = next((f"!subteam^{one.id}" for one in people.GROUPS if one.handle == name), None)
    person = people.person(name)
    return group or (f"@{person.id}" if person else None)


def _escape(words: str) -> str:
    for character, entity in _ENTITIES:
        words = words.replace(character, entity)
    return words
