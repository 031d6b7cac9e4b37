"""What got worse: told once in the app's thread, edited as it changes, and closed there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, post, section
from bot.views.evidence import revision_words
from bot.views.places import NAMES
from bot.views.text import count, esc, person, when
from commands.news import Regressed

_SHOWN = 10


def view(news: Regressed) -> Post:
    """Show a regression as it stands."""
    name = esc(news.app.name)
    whom = f"{person(news.owner)}: " if news.owner and news.closed_at is None else ""
    blocks: list[Json | None] = [section(f"{whom}{_headline(news, name)}")]
    blocks += _lists(news)
    if news.before is not None and news.before.placement is not news.after.placement:
        before, after = NAMES[news.before.placement], NAMES[news.after.placement]
        blocks.append(section(f"Where it may run: *{before}* → *{after}*"))
    if news.closed_at is None:
        blocks.append(actions(button("Check again", "check-again", news.app.id, about=f"Check {news.app.name} again")))
    seen = f"closed {when(news.closed_at)}" if news.closed_at else f"since {when(news.since)}"
    blocks.append(context(f"{revision_words(news.revision)} · {seen}"))
    return post(_plain(news), blocks)


def _headline(news: Regressed, name: str) -> str:
    if news.closed_at is not None:
        return f":white_check_mark: *{name}: what got worse is mended.*"
    if news.new:
        return f":warning: *{name} got worse:* {count(len(news.new), 'new finding')}"
    if news.lost:
        return f":see_no_evil: *{name}: I can no longer see everything.* Nothing is known to be worse."
    return f"*{name}*: mended, one thing is left."


def _plain(news: Regressed) -> str:
    if news.closed_at is not None:
        return f"{news.app.name}: what got worse is mended."
    if news.new:
        return f"{news.app.name} got worse: {news.new[0]}"
    return f"{news.app.name}: {count(len(news.lost), 'check')} can no longer be looked at."


def _lists(news: Regressed) -> Iterator[Json]:
    for title, sentences in (
        ("New", news.new),
        ("Could be looked at before, and cannot now", news.lost),
        ("Mended since", news.gone),
    ):
        if sentences:
            yield section(f"*{title}*")
            lines = [_line(one) for one in sentences[:_SHOWN]]
            if len(sentences) > _SHOWN:
                lines.append([rich.words(f"and {len(sentences) - _SHOWN} more")])
            yield rich.bullets(lines)


def _line(sentence: str) -> list[Json]:
    """Show `check-id: what it found` as what it found, the id behind it."""
    check, colon, found = sentence.partition(": ")
    if not colon or not re.fullmatch(r"[a-z0-9-]+", check):
        return rich.sentence(sentence)
    return [*rich.sentence(found), rich.small(f" ({check})")]
