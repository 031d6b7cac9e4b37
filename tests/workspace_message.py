"""Reads messages and views as a person does: by the words on them."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as one person sees it; *channel* is its id."""

    channel: str
    body: Json

    @property
    def ts(self) -> str:
        """Its id within the channel."""
        return str(self.body["ts"])

    @property
    def thread(self) -> str:
        """The ts of the thread's root, its own for a root with replies, else empty."""
        return str(self.body.get("thread_ts", ""))

    @property
    def is_reply(self) -> bool:
        """Whether it stands inside a thread."""
        return bool(self.thread) and self.thread != self.ts

    @property
    def is_ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.body.get("is_ephemeral"))

    @property
    def text(self) -> str:
        """Its ``text``, which notifications show."""
        return str(self.body.get("text", ""))

    @property
    def words(self) -> str:
        """Everything there is to read in it: its text and all texts of its blocks, one a line."""
        return "\n".join((self.text, *_texts(self.body.get("blocks", []))))

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons."""
        return [one["text"]["text"] for _, one in _elements(self.body) if one["type"] == "button"]


def _texts(thing: Any) -> list[str]:
    if isinstance(thing, list):
        return [text for one in thing for text in _texts(one)]
    if not isinstance(thing, dict):
        return []
    own = [thing[key] for key in ("text", "name") if isinstance(thing.get(key), str)]
    return own + [text for one in thing.values() if isinstance(one, dict | list) for text in _texts(one)]


def _elements(holder: Json) -> list[tuple[Json, Json]]:
    found = []
    for block in holder.get("blocks", []):
        beside = [block.get("accessory"), block.get("element")]
        beside += block.get("elements", []) if block["type"] == "actions" else []
        found += [(block, one) for one in beside if one and "action_id" in one]
    return found


def element(holder: Json, named: str) -> tuple[Json, Json]:
    """Find the element, and its block, whose text, placeholder, label or action id is *named*."""
    for block, one in _elements(holder):
        shown = [one.get(key, {}).get("text") for key in ("text", "placeholder")]
        shown.append(block.get("label", {}).get("text"))
        if named in {*shown, one["action_id"]}:
            return block, one
    there = [one.get("text", {}).get("text", one["action_id"]) for _, one in _elements(holder)]
    message = f"there is no {named!r} here, only {there}"
    raise AssertionError(message)


def by_label(holder: Json, values: Json) -> Json:
    """Turn *values* by label into values by block id and action id."""
    given: Json = {}
    for label, value in values.items():
        block, one = element(holder, label)
        given.setdefault(block["block_id"], {})[one["action_id"]] = value
    return given
