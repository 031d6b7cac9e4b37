"""The few blocks we use, made so that they keep Slack's limits whatever is put in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views import limits
from bot.views.text import clean, esc

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """A message: *text* stands in notifications and wherever blocks are not shown."""

    text: str
    blocks: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A modal: the view that is opened."""

    view: Json


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    text: str


def post(text: str, blocks: Iterable[Json | None]) -> Post:
    """
    Make a message of *blocks*, leaving out what is None; what does not fit ends with a line that says so.

    *text* need not be safe: it is made so here.
    """
    kept = [block for block in blocks if block is not None]
    return Post(
        esc(text, 500) or "Groundcrew has news.", tuple(_first(kept, limits.MESSAGE_BLOCKS, limits.MESSAGE_SIZE))
    )


def modal(title: str, blocks: Iterable[Json | None], *, order: str = "", submit: str = "", memory: str = "") -> Form:
    """
    Make a modal titled *title*.

    With *submit*, what is filled in is given to the order *order*; *memory* is an opaque text that comes back with it.
    """
    kept = [block for block in blocks if block is not None]
    view: Json = {
        "type": "modal",
        "title": plain(title, limits.VIEW_TITLE),
        "close": plain("Cancel" if submit else "Close", limits.VIEW_TITLE),
        "blocks": _first(kept, limits.VIEW_BLOCKS, limits.VIEW_SIZE),
        "private_metadata": memory[: limits.PRIVATE_METADATA],
    }
    if order:
        view["callback_id"] = order[: limits.CALLBACK_ID]
    if submit:
        view["submit"] = plain(submit, limits.VIEW_TITLE)
    return Form(view)


def _first(blocks: list[Json], most: int, size: int) -> list[Json]:
    """Return the first *most* blocks, of at most *size* characters of JSON; buttons at the end always stay."""
    end = [block for block in blocks[-1:] if block["type"] == "actions"]
    room = most - len(end) - (len(blocks) > most)
    kept: list[Json] = []
    for block in blocks[: len(blocks) - len(end)]:
        size -= len(json.dumps(block))
        if size < 0 or len(kept) == room:
            break
        kept.append(block)
    whole = len(kept) + len(end) == len(blocks)
    return [*kept, *([] if whole else [context("There is more; not all of it fits here.")]), *end]


def plain(text: str, most: int) -> Json:
    """Make a plain_text object of at most *most* characters."""
    return {"type": "plain_text", "text": clean(text, most) or " ", "emoji": False}


def fit(lines: Iterable[str], most: int) -> str:
    """
    Join the first of *lines*, whole ones only, to at most *most* characters; the last says how many are left out.

    A line is never cut, since a cut could fall inside a link. Behind one that does not fit none is shown: it could be
    read as belonging to what stands above.
    """
    kept: list[str] = []
    left, size = 0, 0
    room = most - 24  # for the last line
    for line in lines:
        if left or size + len(line) + 1 > room:
            left += 1
            continue
        kept.append(line)
        size += len(line) + 1
    if left:
        kept.append(f"… and {left} more")
    return "\n".join(kept)


def header(text: str) -> Json:
    """Make a line in big letters."""
    return {"type": "header", "text": plain(text, limits.HEADER_TEXT)}


def section(*lines: str, accessory: Json | None = None) -> Json:
    """Make a paragraph of mrkdwn lines, which are safe already (`bot.views.text.esc`)."""
    text = fit(lines, limits.SECTION_TEXT) or " "
    block: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(*pairs: tuple[str, str]) -> Json:
    """Make a table of two columns of (name, value), the value safe mrkdwn."""
    cells = [
        {"type": "mrkdwn", "text": fit([f"*{name}*", value], limits.FIELD_TEXT), "verbatim": True}
        for name, value in pairs[: limits.FIELDS]
    ]
    return {"type": "section", "fields": cells}


def context(*lines: str) -> Json:
    """Make small grey text of safe mrkdwn lines."""
    text = fit(lines, limits.CONTEXT_TEXT) or " "
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def divider() -> Json:
    """Make a thin line."""
    return {"type": "divider"}


def button(text: str, order: str, value: str, *, style: str = "", about: str = "") -> Json:
    """
    Make a button that gives the order *order* with the opaque id *value*.

    *style* is primary or danger; *about* is read out where "Check again" alone would not say of what.
    """
    made: Json = {
        "type": "button",
        "text": plain(text, limits.BUTTON_TEXT),
        "action_id": order[: limits.ACTION_ID],
    }
    if value:
        made["value"] = value[: limits.BUTTON_VALUE]
    if style:
        made["style"] = style
    if about:
        made["accessibility_label"] = clean(about, limits.BUTTON_TEXT)
    return made


def actions(*buttons: Json | None) -> Json | None:
    """Put buttons into a row; a second button of the same order gets a number behind its id, which must be unique."""
    row, seen = [], dict[str, int]()
    for one in buttons[: limits.BUTTONS]:
        if one is None:
            continue
        number = seen[one["action_id"]] = seen.get(one["action_id"], 0) + 1
        row.append(one if number == 1 else {**one, "action_id": f"{one['action_id']}:{number}"})
    return {"type": "actions", "elements": row} if row else None


def text_input(
    name: str,
    label: str,
    value: str = "",
    *,
    hint: str = "",
    optional: bool = False,
    lines: bool = False,
    example: str = "",
) -> Json:
    """Make a field for text; *name* is the name under which its order gets it."""
    element: Json = {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": limits.INPUT_TEXT}
    if value:
        element["initial_value"] = value[: limits.INPUT_TEXT]
    if example:
        element["placeholder"] = plain(example, limits.PLACEHOLDER_TEXT)
    return _input(name, label, element, hint, optional=optional)


def select(
    name: str, label: str, options: Sequence[Option], value: str = "", *, hint: str = "", optional: bool = False
) -> Json:
    """Make a field for one of *options*."""
    choices = [
        {"text": plain(one.text, limits.OPTION_TEXT), "value": one.value[: limits.OPTION_VALUE]}
        for one in options[: limits.OPTIONS]
    ]
    element: Json = {"type": "static_select", "action_id": name, "options": choices}
    chosen = next((one for one in choices if one["value"] == value), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return _input(name, label, element, hint, optional=optional)


def person_select(name: str, label: str, value: str = "", *, hint: str = "", optional: bool = False) -> Json:
    """Make a field for a person."""
    element: Json = {"type": "users_select", "action_id": name}
    if value:
        element["initial_user"] = value
    return _input(name, label, element, hint, optional=optional)


def channel_select(name: str, label: str, value: str = "", *, hint: str = "", optional: bool = False) -> Json:
    """Make a field for a channel, public or private; *value* may be a direct conversation, which is not chosen."""
    include = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    element: Json = {"type": "conversations_select", "action_id": name, "filter": include}
    if value.startswith(("C", "G")):
        element["initial_conversation"] = value
    return _input(name, label, element, hint, optional=optional)


def _input(name: str, label: str, element: Json, hint: str, *, optional: bool) -> Json:
    block: Json = {
        "type": "input",
        "block_id": name[: limits.BLOCK_ID],
        "label": plain(label, limits.LABEL_TEXT),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, limits.HINT_TEXT)
    return block
