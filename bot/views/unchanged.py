"""A verdict that was told before: that nothing is different, and what leads to all of it."""

from __future__ import annotations

from bot.views.block_kit import Post, actions, button, context, post, section
from bot.views.evidence import revision_words
from bot.views.places import NAMES, marked
from bot.views.text import esc, when
from commands.news import Unchanged


def view(news: Unchanged) -> Post:
    """Say that nothing is different."""
    name = news.app.name
    # Not "which stands above": the thread may begin anew before this is posted.
    where = "" if news.hide_findings else "; Details show all of it"
    said = f"Nothing is different from the verdict of {when(news.since)}{where}."
    details = button("Details", "show-details", news.report_id, about=f"Details of {name}")
    return post(
        f"{name}: nothing changed, {NAMES[news.placement]}.",
        [
            section(f"*{esc(name)}*: {marked(news.placement)}", said),
            context(f"{revision_words(news.revision)} · checked {when(news.checked_at)}"),
            actions(
                button("Check again", "check-again", news.app.id, about=f"Check {name} again"),
                None if news.hide_findings else details,
            ),
        ],
    )
