"""The pages on the bot that are made from its code: docs/settings.md and docs/commands.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from bot.setting_kinds import duration, written_duration
from bot.settings import GROUPS, is_secret
from commands.command import all_commands

_SETTINGS = """\
# Settings

Everything is set by environment variables; nothing is read from a file in the checkout. A setting that is wrong, or
whose name is unknown, stops the start with a sentence that says what to do; its value is never printed.

A secret NAME can be given as a file instead: `NAME_FILE=/run/secrets/name`. Durations are written `30s`, `5m`, `24h`.

In Slack, `SLACK_BOT_TOKEN`, `SLACK_APP_TOKEN` and `GROUNDCREW_RELIABILITY_CHANNEL` are needed. Without the two tokens
the bot starts a local workspace.
"""

_COMMANDS = """\
# Commands

Type them anywhere in Slack, or in the local workspace; only you see the answer. An app's verdicts and news stand in its
own thread, and the verdict on an address in the channel where it was asked for: everybody there sees them.
"""


def settings_page() -> str:
    """Return docs/settings.md: every setting, what it is for, its unit, its default and where a value is to be had."""
    parts = [_SETTINGS]
    for group in GROUPS:
        parts.append(f"## {(group.__doc__ or '').removesuffix('.')}\n")
        parts += [_setting(field) for field in group.model_fields.values()]
    return "\n".join(parts)


def _setting(field: FieldInfo) -> str:
    name = field.validation_alias
    about: Any = field.json_schema_extra
    lines = [f"### {name}", "", str(field.description), "", f"- Value: {about['unit']}"]
    lines.append(f"- Default: {about['unset'] or _default(field)}")
    if about["where"]:
        lines.append(f"- To set it: {about['where']}")
    if is_secret(field):
        lines.append(f"- Secret; can be given as `{name}_FILE`")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in {None, "", ()} or value == frozenset():
        return "none"
    if isinstance(value, timedelta):
        return f"`{written_duration(value)}`"
    if isinstance(value, Path):
        return "the user's own data folder (`make run` takes `.groundcrew` in the checkout)"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    if "duration" in str(field.json_schema_extra):
        return f"`{written_duration(duration(value))}`"
    return f"`{value}`"


def _wrapped(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield textwrap.fill(sentence, 120, break_long_words=False, break_on_hyphens=False)


def commands_page() -> str:
    """Return docs/commands.md: what can be typed, with an example each."""
    parts = [
        "\n\n".join([f"## {one.slash}", one.summary, f"```text\n{one.usage}\n{one.example}\n```", *_wrapped(one.more)])
        + "\n"
        for one in sorted(all_commands().values(), key=lambda one: one.name)
        if one.slash
    ]
    return "\n".join([_COMMANDS, *parts])
