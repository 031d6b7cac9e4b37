"""The prompt that mends what holds an app back, in fields from which it can be copied whole."""

from __future__ import annotations

import re
from itertools import chain

from bot.views.block_kit import Form, modal, section, text_input
from bot.views.limits import INPUT_TEXT
from bot.views.text import esc
from commands.news import FixPrompt

#: Where a prompt may be cut, the best first: before a section, between paragraphs, before an entry, behind a sentence.
_ENDS = (r"\n(?=## )", r"\n\n", r"\n(?=- )", r"(?<=\D)[.:;]\s", r"\n")
_MOST = 20  # fields; a longer prompt is no use to anybody


def view(news: FixPrompt) -> Form:
    """Show the prompt."""
    parts = _parts(news.prompt.replace("\0", ""))
    many = f"It is long: paste its {len(parts)} parts one after the other. " if len(parts) > 1 else ""
    said = f"*{esc(news.name)}*: click into the text, select all, copy, and paste it into your AI builder. {many}"
    fields = [
        text_input(f"part{number}", "Prompt" if len(parts) == 1 else f"Part {number} of {len(parts)}", part, lines=True)
        for number, part in enumerate(parts, 1)
    ]
    # Slack wants a button to submit wherever there are fields; this one gives no order.
    return modal("Fix prompt", [section(said.strip()), *fields], submit="Done")


def _parts(prompt: str) -> list[str]:
    """Cut into what one field holds, between sections where that can be, else paragraphs, entries, or sentences."""
    parts = []
    while len(prompt) > INPUT_TEXT:
        room = prompt[:INPUT_TEXT]
        ends = ([found.end() for found in re.finditer(mark, room)][-1:] for mark in _ENDS)
        cut = next((end for end in chain.from_iterable(ends) if end > INPUT_TEXT // 4), INPUT_TEXT)
        parts.append(prompt[:cut])
        prompt = prompt[cut:]
    return [*parts, prompt][:_MOST]
