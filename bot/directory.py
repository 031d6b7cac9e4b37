"""
People and channels of the workspace, from Slack's Web API, remembered for a minute.

Whoever acts is looked up anew, so that a closed account ends all rights within seconds; but once in five seconds, for
Slack allows some hundred such looks a minute, and where it gives no answer at once what is remembered holds.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.slack import Slack
from bot.trouble import Later, SlackTrouble, Unfit, Unreachable
from bot.views.block_kit import Json
from commands.world import Person

#: Short, since it decides who may act; long enough for the several questions of one order.
_FRESH_S = 60.0
_JUST_NOW_S = 5.0  # between two looks at who acts
_LOOK_S = 2.0  # for one of them, while somebody waits for an answer
_MOST = 2000  # things remembered: whoever types ids that nobody has must not fill the memory
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,}")
_EMAIL = re.compile(r"(?:<mailto:[^|>]*\|)?([^\s@<>|]+@[^\s@<>|]+)>?")


@dataclass(slots=True)
class SlackDirectory:
    """The people and channels that Slack knows; *team* is our own workspace's id."""

    slack: Slack
    team: str
    _kept: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _looks: dict[str, asyncio.Task[Person | None]] = field(default_factory=dict)  # at who acts, under way, by key
    _rests_until: float = 0.0  # such looks do, as Slack asked or because it is away

    async def person(self, person_id: str) -> Person | None:
        """Return the person with this id, or None."""
        user = await self._once(f"person:{person_id}", lambda: self._ask("users.info", "user", user=person_id))
        return None if user is None else self._person(user)

    async def acting(self, person_id: str) -> Person | None:
        """Return the person with this id as of the last five seconds; as remembered where Slack does not answer now."""
        key, now = f"person:{person_id}", time.monotonic()
        at, known = self._kept.get(key, (0.0, None))
        if known is None or now - at >= _FRESH_S:
            return await self.person(person_id)
        if now - at < _JUST_NOW_S or now < self._rests_until:
            return self._person(known)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = asyncio.create_task(self._look(person_id, known))
            look.add_done_callback(lambda _: self._looks.pop(key))
        return await asyncio.shield(look)  # of several at once each wants the answer, and ends alone

    async def _look(self, person_id: str, known: Json) -> Person | None:
        """Ask anew who *person_id* is, who is remembered as *known*."""
        key, began = f"person:{person_id}", time.monotonic()
        try:
            async with asyncio.timeout(_LOOK_S):
                user = await self._ask("users.info", "user", user=person_id)
        except (SlackTrouble, TimeoutError) as trouble:
            self._rests_until = began + max(_JUST_NOW_S, trouble.after if isinstance(trouble, Later) else 0.0)
            return self._person(known)
        if user is None:
            self._kept.pop(key, None)
            return None
        self._kept[key] = (time.monotonic(), user)
        return self._person(user)

    async def find_person(self, text: str) -> Person | None:
        """Return whom *text* means: `<@U1|ann>`, `@ann`, an id or an e-mail address; None where nobody or several."""
        text = text.strip()
        mention = _PERSON.fullmatch(text)
        if mention:
            return await self.person(mention[1])
        if _PERSON_ID.fullmatch(text) and (found := await self.person(text)):
            return found
        email = _EMAIL.fullmatch(text)
        if email and not text.startswith("@"):
            user = await self._ask("users.lookupByEmail", "user", email=email[1])
            return None if user is None else self._person(user)
        wanted = text.removeprefix("@").casefold()
        members = await self._once("members", self._members)
        found_all = [one for one in members if wanted and wanted in _names(one)]
        return self._person(found_all[0]) if len(found_all) == 1 else None

    async def channel_name(self, channel_id: str) -> str | None:
        """Return the channel's name without #, or None where the bot cannot see it."""
        channel = await self._channel(channel_id)
        return str(channel["name"]) if channel and channel.get("name") else None

    async def find_channel(self, text: str) -> str | None:
        """Return the id of the channel that *text* means: `<#C1|apps>`, `#apps` or an id; or None."""
        text = text.strip()
        link = _CHANNEL.fullmatch(text)
        if link:
            return link[1]
        if _CHANNEL_ID.fullmatch(text) and await self._channel(text):
            return text
        wanted = text.removeprefix("#").casefold()
        channels = await self._once("channels", self._channels)
        return next((str(one["id"]) for one in channels if one.get("name") == wanted), None)

    async def is_member(self, channel_id: str) -> bool:
        """Whether the bot is in the channel, which is not archived; it always is in a direct conversation with it."""
        channel = await self._ask("conversations.info", "channel", channel=channel_id)
        return bool(channel and (channel.get("is_member") or channel.get("is_im")) and not channel.get("is_archived"))

    async def find_group(self, text: str) -> str | None:
        """Return the id of the user group that *text* means: `<!subteam^S1|sre>`, `@sre` or an id; or None."""
        text = text.strip()
        mention = _GROUP.fullmatch(text)
        wanted = mention[1] if mention else text
        groups = await self._once("groups", lambda: self._ask("usergroups.list", "usergroups")) or []
        handle = wanted.removeprefix("@").casefold()
        named = (one for one in groups if wanted == one["id"] or str(one.get("handle")).casefold() == handle)
        return next((str(one["id"]) for one in named), None)

    async def group_members(self, group_id: str) -> tuple[str, ...]:
        """Return the ids of the people in a user group, in Slack's order; empty where there is no such group."""
        if not _GROUP_ID.fullmatch(group_id):
            return ()
        # Never remembered: whoever left a rota must not be paged from memory.
        return tuple(map(str, await self._ask("usergroups.users.list", "users", usergroup=group_id) or ()))

    def _person(self, user: Json) -> Person:
        profile = user.get("profile") or {}
        return Person(
            id=str(user["id"]),
            name=str(profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"]),
            handle=str(user.get("name") or ""),
            email=str(profile.get("email") or ""),
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_gone=bool(user.get("deleted")),
            is_outsider=bool(user.get("is_stranger")) or user.get("team_id", self.team) != self.team,
        )

    async def _channel(self, channel_id: str) -> Json | None:
        kept: Json | None = await self._once(
            f"channel:{channel_id}", lambda: self._ask("conversations.info", "channel", channel=channel_id)
        )
        return kept

    async def _ask(self, method: str, name: str, **arguments: str) -> Any:
        """Return what is called *name* of the answer, or None where Slack has none; raises Later where it may pass."""
        try:
            answer = await self.slack.read(method, **arguments)
        except (Unreachable, Unfit):
            return None
        return answer[name]

    async def _members(self) -> list[Json]:
        return [one async for one in self._every("users.list", "members") if not one.get("deleted")]

    async def _channels(self) -> list[Json]:
        listed = self._every("conversations.list", "channels", types="public_channel", exclude_archived="true")
        return [one async for one in listed]

    async def _every(self, method: str, name: str, **arguments: str) -> AsyncIterator[Json]:
        cursor = ""
        while True:
            answer = await self.slack.read(method, limit="200", cursor=cursor, **arguments)
            for one in answer[name]:
                yield one
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _once(self, key: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Return what is remembered under *key* where it is fresh, else ask; nothing is remembered of a failure."""
        at, value = self._kept.get(key, (0.0, None))
        if value is not None and time.monotonic() - at < _FRESH_S:
            return value
        value = await ask()
        if len(self._kept) >= _MOST:
            stale = time.monotonic() - _FRESH_S
            self._kept = {one: kept for one, kept in self._kept.items() if kept[0] > stale}
            if len(self._kept) >= _MOST:
                self._kept.clear()
        if value is not None:  # else it is asked for again
            self._kept[key] = (time.monotonic(), value)
        return value


def _names(user: Json) -> set[str]:
    profile = user.get("profile") or {}
    named = (user.get("name"), profile.get("display_name"), user.get("real_name"))
    return {str(one).casefold() for one in named if one}
