"""On-call schedules: who is on now and next, and what a schedule goes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views.block_kit import Post, context, post, section
from bot.views.text import esc, person, when
from commands.on_call_news import OnCallRow, OnCallShown
from storage.on_call_model import Rota

_SHOWN = 20
_MOST_PEOPLE = 20
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOBODY = ":warning: *Nobody*"


def view(news: OnCallShown) -> Post:
    """Show schedules, each in a paragraph."""
    blocks = [section(esc(news.done, 600))] if news.done else []
    blocks += [section(*_lines(row, whole=news.whole)) for row in news.rows[:_SHOWN]]
    if news.hint:
        blocks.append((context if news.rows else section)(esc(news.hint, 2000)))
    names = ", ".join(row.name for row in news.rows) or "there is no schedule"
    return post(news.done or f"On call: {names}", blocks)


def _lines(row: OnCallRow, *, whole: bool) -> Iterator[str]:
    until = f" until {when(row.until)}" if row.until else ""
    override = " (an override)" if row.source == "override" else ""
    yield f"*{esc(row.name)}*: {_people(row.people)} on call now{until}{override}."
    if row.until:
        yield f"Then: {', '.join(map(person, row.next_people[:_MOST_PEOPLE])) or 'nobody'}."
    if row.unknown:
        yield f":warning: The calendar names {_words(row.unknown)}, whom nobody here has as handle or e-mail address."
    if row.titles:
        yield f":warning: These events of the calendar name nobody: {_words(row.titles)}."
    if row.trouble and row.trouble_since:
        yield f":warning: The calendar cannot be read since {when(row.trouble_since)}: {esc(row.trouble, 600)}."
    if whole:
        yield from _about(row)


def _about(row: OnCallRow) -> Iterator[str]:
    if row.rota is not None:
        yield _rota(row.rota)
    if row.host:
        read = f"read {when(row.read_at)}" if row.read_at else "not read yet"
        yield f"It follows a calendar of {esc(row.host)}, {read}."
    for number, one in enumerate(row.overrides[:10], 1):
        mark = f"{number}." if len(row.overrides) > 1 else "•"
        span = f"from {when(one.begins_at)} until {when(one.ends_at)}"
        yield f"{mark} {person(one.person)} {span}, by {person(one.made_by)}"


def _rota(rota: Rota) -> str:
    turns = " → ".join(map(person, rota.people[:_MOST_PEOPLE])) + (" → …" if len(rota.people) > _MOST_PEOPLE else "")
    return f"Weekly, handed over on {_DAYS[rota.weekday]} at {rota.at:%H:%M} ({esc(rota.zone)}): {turns}"


def _people(people: Sequence[str]) -> str:
    if not people:
        return f"{_NOBODY} is"
    return ", ".join(map(person, people[:_MOST_PEOPLE])) + (" is" if len(people) == 1 else " are")


def _words(words: Sequence[str]) -> str:
    return ", ".join(esc(one, 100) for one in words[:5])
