"""A plain sentence, with an example to copy and what was perhaps meant."""

from __future__ import annotations

from bot.views.block_kit import Form, Post, context, modal, post, section
from bot.views.text import esc
from commands.news import Said


def view(news: Said) -> Post:
    """Show a sentence."""
    lines = [esc(line, 2000) for line in news.text.splitlines() if line.strip()]
    if news.did_you_mean:
        lines.append("Did you mean " + " or ".join(f"`{esc(one)}`" for one in news.did_you_mean[:5]) + "?")
    blocks = [section(*lines)]
    if news.example:
        blocks.append(context("Try: " + f"`{esc(news.example, 500)}`"))
    return post(news.text, blocks)


def as_form(shown: Post) -> Form:
    """Put a message into a window."""
    return modal("Groundcrew", shown.blocks or [section(esc(shown.text, 2000))])
