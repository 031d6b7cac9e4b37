"""
Forms from Slack's payload: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.

A form's callback id is its order, its private metadata an opaque id, and each field's block id the field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.incoming import Incoming, person_id, storable
from commands.command import Request

_ANSWERS = ("value", "selected_user", "selected_channel", "selected_conversation", "selected_date")


def read(body: Mapping[str, Any]) -> Incoming:
    """Read the payload of a submitted form."""
    body = storable(body)
    view = body["view"]
    values = view.get("state", {}).get("values", {})
    fields = {name: _answer(next(iter(elements.values()), {})) for name, elements in values.items()}
    memory = str(view.get("private_metadata") or "")
    user = body["user"]
    return Incoming(
        key=f"form:{body.get('trigger_id') or view['id']}",
        kind="form",
        order=str(view.get("callback_id") or ""),
        request=Request(person=person_id(user["id"]), fields={**fields, **({"id": memory} if memory else {})}),
        team=str(user.get("team_id") or (body.get("team") or {}).get("id") or ""),
        trigger=str(body.get("trigger_id") or ""),
        inputs=tuple(fields),
    )


def _answer(element: Mapping[str, Any]) -> str:
    if element.get("selected_option"):
        return str(element["selected_option"].get("value") or "")
    return next((str(element[name]) for name in _ANSWERS if element.get(name)), "")
