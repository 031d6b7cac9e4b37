"""A list of apps, a line each."""

from __future__ import annotations

from bot.views.block_kit import Json, Post, context, post, section
from bot.views.places import MARKS, NAMES
from bot.views.text import count, esc, person, when
from commands.news import AppList, AppRow

_SHOWN = 20


def view(news: AppList) -> Post:
    """Show a list."""
    blocks = [section(f"*{esc(news.title, 2000)}*"), *rows(news)]
    if not news.rows:
        blocks.append(section(esc(news.hint or "There are none.", 2000)))
    elif news.hint:
        blocks.append(context(esc(news.hint, 2000)))
    return post(f"{news.title}: {count(news.total, 'app')}", blocks)


def rows(news: AppList) -> list[Json]:
    """Show the lines alone."""
    return [section(*_lines(row)) for row in news.rows[:_SHOWN]]


def _lines(row: AppRow) -> list[str]:
    place = "not checked yet" if row.unseen_since is None else f"could not be checked, {when(row.unseen_since)}"
    if row.verdict is not None:
        place = f"{MARKS[row.verdict.placement]} {NAMES[row.verdict.placement]}"
    owner = "nobody" if row.owner is None else person(row.owner) if row.accepted else f"{person(row.owner)} (asked)"
    facts = [place, f"owner: {owner}"]
    if row.checked_at is not None:
        facts.append(f"checked {when(row.checked_at)}")
        if row.unseen_since is not None:
            facts.append(f"its code is out of sight since {when(row.unseen_since)}")
    if row.note:
        facts.append(esc(row.note, 200))
    if row.open_pages:
        facts.append(f":rotating_light: {count(row.open_pages, 'open page')}")
    return [
        f"*{esc(row.app.name)}*" + (f" – {esc(row.app.purpose, 120)}" if row.app.purpose else ""),
        " · ".join(facts),
    ]
