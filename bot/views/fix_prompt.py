"""The prompt that mends what holds an app back, in fields from which it can be copied whole."""

from __future__ import annotations

from bot.views.block_kit import Form, modal, section, text_input
from bot.views.limits import INPUT_TEXT
from bot.views.text import esc
from commands.news import FixPrompt

_MOST = 20  # fields; a longer prompt is no use to anybody


def view(news: FixPrompt) -> Form:
    """Show the prompt."""
    parts = _parts(news.prompt.replace("\0", ""))
    many = f"It is long: paste its {len(parts)} parts one after the other. " if len(parts) > 1 else ""
    said = f"*{esc(news.name)}*: click into the text, select all, copy, and paste it into your AI builder. {many}"
    fields = [
        text_input(f"part{number}", "Prompt" if len(parts) == 1 else f"Part {number}", part, lines=True, optional=True)
        for number, part in enumerate(parts, 1)
    ]
    # Slack wants a button to submit wherever there are fields; this one gives no order.
    return modal("Fix prompt", [section(said.strip()), *fields], submit="Done")


def _parts(prompt: str) -> list[str]:
    """Cut at line ends into what one field holds; a line that alone is longer is cut within."""
    parts = [""]
    for line in prompt.splitlines(keepends=True):
        pieces = [line[start : start + INPUT_TEXT] for start in range(0, len(line), INPUT_TEXT)]
        for piece in pieces:
            if len(parts[-1]) + len(piece) > INPUT_TEXT:
                parts.append("")
            parts[-1] += piece
    return parts[:_MOST]
