"""
Rich text: lists whose words come from outside. Nothing in it is parsed for marks, so names and paths are safe as is.

See https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.views.block_kit import Json
from bot.views.limits import URL
from bot.views.text import clean, plain_when

Line = Sequence[Json]


def words(text: str, *, bold: bool = False, most: int = 300) -> Json:
    """Make plain words."""
    kept = clean(text, most)
    # The blanks around words separate them from a link or a name beside them; `clean` takes them off.
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    element: Json = {"type": "text", "text": f"{before}{kept}{after}" or " "}
    return {**element, "style": {"bold": True}} if bold else element


def code(text: str) -> Json:
    """Make words in a fixed width."""
    return {"type": "text", "text": clean(text, 200) or " ", "style": {"code": True}}


def link(text: str, url: str) -> Json:
    """Link *text* to *url*, which must be https; another, or one that is too long, leaves the text alone."""
    if not url.startswith("https://") or len(url) > URL:
        return code(text)
    return {"type": "link", "url": url, "text": clean(text, 200) or " "}


def somebody(person_id: str) -> Json:
    """Mention a person."""
    return {"type": "user", "user_id": person_id}


def somewhere(channel_id: str) -> Json:
    """Link a channel."""
    return {"type": "channel", "channel_id": channel_id}


def moment(at: datetime, *, time_only: bool = False) -> Json:
    """Write a moment in the reader's own time zone."""
    shown = "{time}" if time_only else "{date_short_pretty} at {time}"
    return {"type": "date", "timestamp": int(at.timestamp()), "format": shown, "fallback": plain_when(at)}


def bullets(lines: Sequence[Line], *, numbered: bool = False) -> Json:
    """Make a list."""
    items = [{"type": "rich_text_section", "elements": list(line)} for line in lines]
    style = "ordered" if numbered else "bullet"
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": style, "elements": items}]}


def quote(text: str, most: int = 1000) -> Json:
    """Set what a person wrote apart."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [words(text, most=most)]}]}
