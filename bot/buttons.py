"""
Buttons from Slack's payload: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.

A button's action id is its order (a number behind it where a message has two), its value an opaque id. Who pressed it
is the payload's user, never anything in the button.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.incoming import Incoming, person_id, storable
from commands.command import Request


def read(body: Mapping[str, Any]) -> Incoming:
    """Read the payload of a press."""
    body = storable(body)
    action = body["actions"][0]
    container = body.get("container") or {}
    user = body["user"]
    channel = body.get("channel") or {}
    request = Request(
        person=person_id(user["id"]),
        fields={"id": str(action.get("value") or "")},
        channel=str(channel.get("id") or "") or None,
        thread=str(container.get("thread_ts") or "") or None,
        message=str(container.get("message_ts") or "") or None,
    )
    return Incoming(
        key=f"button:{body['trigger_id']}",
        kind="button",
        order=str(action["action_id"]).partition(":")[0],
        request=request,
        team=_team(body),
        trigger=str(body["trigger_id"]),
        answer_to=str(body.get("response_url") or ""),
    )


def _team(body: Mapping[str, Any]) -> str:
    # In a shared channel the payload's team is the channel's; whose person it was stands with the user.
    user = body["user"]
    return str(user.get("team_id") or (body.get("team") or {}).get("id") or "")
