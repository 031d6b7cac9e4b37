"""
Rich text: lists whose words come from outside. Nothing in it is parsed for marks, so names and paths are safe as is.

See https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.block_kit import Json
from bot.views.limits import URL
from bot.views.text import clean
from checks.sentences import begun

Line = Sequence[Json]


def words(text: str, *, bold: bool = False, most: int = 300) -> Json:
    """Make plain words."""
    kept = clean(text, most)
    # The blanks around words separate them from a link or a name beside them; `clean` takes them off.
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    element: Json = {"type": "text", "text": f"{before}{kept}{after}" if kept else " "}
    return {**element, "style": {"bold": True}} if bold else element


def sentence(text: str, most: int = 400) -> list[Json]:
    """Make a sentence; what stands between back-ticks is set in a fixed width. No name gets a capital."""
    parts = begun(clean(text, most)).split("`")
    made = [code(part) if number % 2 else words(part, most=most) for number, part in enumerate(parts) if part]
    return made or [words("")]


def code(text: str) -> Json:
    """Make words in a fixed width."""
    return {"type": "text", "text": clean(text, 200) or " ", "style": {"code": True}}


def small(text: str) -> Json:
    """Make words that stand back behind those before them."""
    return {**words(text), "style": {"italic": True}}


def link(text: str, url: str) -> Json:
    """Link *text* to *url*, which must be https; another, or one that is too long, leaves the text alone."""
    if not url.startswith("https://") or len(url) > URL:
        return code(text)
    return {"type": "link", "url": url, "text": clean(text, 200) or " "}


def bullets(lines: Sequence[Line], *, numbered: bool = False) -> Json:
    """Make a list."""
    items = [{"type": "rich_text_section", "elements": list(line)} for line in lines]
    style = "ordered" if numbered else "bullet"
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": style, "elements": items}]}


def quote(text: str, most: int = 1000) -> Json:
    """Set what a person wrote apart, line by line."""
    lines = [words(line, most=most) for line in text[:most].splitlines()[:10] if line.strip()] or [words("")]
    elements = [one for line in lines for one in ({"type": "text", "text": "\n"}, line)][1:]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}
