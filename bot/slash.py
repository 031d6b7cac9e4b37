"""Slash commands from Slack's payload: https://docs.slack.dev/interactivity/implementing-slash-commands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.incoming import Incoming, person_id, storable
from commands.command import Request, all_commands

_READ = ("command", "text", "user_id", "channel_id", "trigger_id", "team_id", "response_url")


@cache
def _orders() -> Mapping[str, str]:
    """The names of orders by the commands that people type."""
    return {one.slash: one.name for one in all_commands().values() if one.slash}


def read(body: Mapping[str, Any]) -> Incoming:
    """Read the payload of a slash command."""
    body = {name: storable(body[name]) for name in _READ if name in body}
    word = str(body["command"])
    order = _orders().get(word, word.removeprefix("/"))
    request = Request(
        person=person_id(body["user_id"]),
        text=str(body.get("text") or ""),
        channel=str(body.get("channel_id") or "") or None,
    )
    return Incoming(
        key=f"slash:{body['trigger_id']}",
        kind="slash",
        order=order,
        request=request,
        team=str(body.get("team_id") or ""),
        trigger=str(body["trigger_id"]),
        answer_to=str(body.get("response_url") or ""),
    )
