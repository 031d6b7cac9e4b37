"""
Looks before anything is said again: whether a message of ours stands already, known by the token in its metadata.

Reading needs the optional scopes for histories (bot/manifest.py). Metadata can be read by every member of a channel,
so the token says nothing (https://docs.slack.dev/messaging/message-metadata).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.slack import METADATA_EVENT, Slack
from bot.trouble import RootGone, Unfit, Unreachable
from bot.views.block_kit import Json
from storage.model import Standing

#: How long before the attempt the search begins: our clock may be wrong, or was moved, by as much.
_MARGIN = timedelta(hours=3)
#: Before the second look: what was held up on the way arrives together with the first, or right behind it.
_AGAIN_S = 2.0
_AT_ONCE = 200  # messages; Slack recommends no more
_MOST_PAGES = 25


class Unreadable(Exception):  # noqa: N818 - it is an answer
    """The history cannot be read, so nobody knows whether the message stands."""


def method(place: Standing) -> str:
    """Return the method of Slack's that reads *place*, a channel or a thread in it."""
    return "conversations.replies" if place.ts else "conversations.history"


async def find(slack: Slack, place: Standing, token: str, tried_at: datetime) -> Standing | None:
    """
    Return where the message with *token* stands that was handed over at *tried_at*; None where two looks see it not.

    *place* is a channel and the ts of a thread or an empty text. Raises Unreadable, or Later or Revoked.
    """
    found = await _look(slack, place, token, tried_at)
    if found is None:
        await asyncio.sleep(_AGAIN_S)
        found = await _look(slack, place, token, tried_at)
    return found


async def _look(slack: Slack, place: Standing, token: str, tried_at: datetime) -> Standing | None:
    arguments = {"channel": place.channel, "include_all_metadata": "true", "limit": str(_AT_ONCE)}
    arguments["oldest"] = f"{(tried_at - _MARGIN).timestamp():.6f}"
    if place.ts:
        arguments["ts"] = place.ts
    for _ in range(_MOST_PAGES):
        try:
            answer = await slack.read(method(place), **arguments)
        except RootGone:
            return None  # with its thread
        except (Unreachable, Unfit):
            raise Unreadable from None
        for message in answer.get("messages") or ():
            if _token(message) == token:
                return Standing(place.channel, str(message["ts"]))
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return None
        arguments["cursor"] = cursor
    raise Unreadable


def _token(message: Json) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("id") or "")
