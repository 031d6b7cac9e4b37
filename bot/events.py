"""Events from Slack's payload (https://docs.slack.dev/reference/events): hints, since the clock finds out too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.incoming import Incoming, person_id, storable
from commands.command import Request


def home_opened(body: Mapping[str, Any]) -> Incoming | None:
    """Read that somebody opened the Home tab, which shows them their apps; None for any other event."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") != "app_home_opened" or event.get("tab") != "home":
        return None
    body = storable(body)
    return Incoming(
        key=f"event:{body.get('event_id')}",
        kind="home",
        order="apps",
        request=Request(person=person_id(event.get("user"))),
        team=str(body.get("team_id") or ""),
    )
