"""Requests of Slack's that were good until something else was put somewhere into them, drawn from a seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from benchmarks.reliability.slack import TEAM
from tests.bot.malformed import NESTED
from tests.bot.signed import FORM, JSON, interaction

Json = dict[str, Any]
_BYTES = 3  # at most, of a body whose bytes are changed


def spoiled(mark: str, choice: random.Random) -> tuple[str, bytes]:
    """Return the type of a body and itself; *mark* stands in it, wherever that was not spoiled."""
    payload = choice.choice(_good(mark))
    if choice.random() < 0.7:  # noqa: PLR2004 - most of them reach further than the parser
        return _written(_replaced(payload, mark, choice))
    kind, body = _written(payload)
    return kind, _scratched(body, choice)


def _good(mark: str) -> tuple[Json, ...]:
    """Return one payload of each kind that Slack sends."""
    person = {"id": f"U{mark[3:]}", "team_id": TEAM, "name": mark}
    where: Json = {"user": person, "team": {"id": TEAM, "domain": mark}, "trigger_id": f"{mark}.press"}
    action = {"type": "button", "action_id": "acknowledge-page", "block_id": "b", "value": mark}
    values = {"name": {"name": {"type": "plain_text_input", "value": mark}}}
    view = {"id": "V1", "type": "modal", "callback_id": "register-app", "hash": mark, "state": {"values": values}}
    happened = {"type": "app_home_opened", "tab": "home", "user": person["id"], "channel": "D1"}
    return (
        where | {
            "type": "block_actions",
            "actions": [action],
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0000"},
            "channel": {"id": "C0000", "name": mark},
            "message": {"ts": "1.1", "text": mark},
        },
        where | {"type": "view_submission", "view": view | {"private_metadata": json.dumps({"app": mark})}},
        where | {"type": "view_closed", "view": view},
        {"type": "event_callback", "team_id": TEAM, "event_id": mark, "event": happened, "event_context": mark},
        {"command": "/page-owner", "text": f"no-such-app {mark}", "user_id": person["id"], "team_id": TEAM,
         "channel_id": "C0000", "trigger_id": f"{mark}.command", "response_url": ""},
    )  # fmt: skip


def _written(payload: Json) -> tuple[str, bytes]:
    return (JSON, json.dumps(payload).encode()) if "event" in payload else (FORM, interaction(payload))


def _replaced(payload: Json, mark: str, choice: random.Random) -> Json:
    """Put something else at one or two places of the payload, or leave out what is there."""
    other: tuple[Any, ...] = (
        None, True, 7, -1, 1e300, 10**400, "", mark, f"{mark}\ud800", f"{mark}\0", f"<!channel> {mark}", mark * 500, [],
        [mark], [[[[mark]]]], {}, {mark: mark}, {"id": mark}, {"type": mark}, NESTED[:500].decode(),
    )  # fmt: skip
    made = copy.deepcopy(payload)
    for _ in range(choice.choice((1, 1, 2))):
        inside, key = choice.choice(list(_places(made)))
        if choice.random() < 0.2:  # noqa: PLR2004 - a fifth
            del inside[key]
        else:
            inside[key] = copy.deepcopy(choice.choice(other))
    return made


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every object or list in *value* with each key that it has."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _scratched(body: bytes, choice: random.Random) -> bytes:
    """Change some bytes, or cut the rest off."""
    made = bytearray(body)
    for _ in range(choice.randint(1, _BYTES)):
        made[choice.randrange(len(made))] = choice.randrange(256)
    return bytes(made[: choice.randrange(len(made))] if choice.random() < 0.3 else made)  # noqa: PLR2004 - a third
