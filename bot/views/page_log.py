"""A page's own log, whole: who was told as what, when, by which route, what became of it, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.block_kit import Post, context, header, post, section
from bot.views.page_words import ROUTES, outcome, target, told_whom
from bot.views.text import count, esc, person, when, with_marks
from commands.page_news import PageLog
from storage.model import NO_ROUTE, PageState, Told

_MOST = 100  # entries; the last ones matter
_A_SECTION = 12


def view(news: PageLog) -> Post:
    """Show the log."""
    page = news.page
    lines = [_entry(news, one) for one in page.told[-_MOST:]]
    left = len(page.told) - _MOST
    blocks = [
        header(f"Log of the page for {news.app.name}"),
        section(*_first(news)),
        context(f"{count(left, 'earlier entry', 'earlier entries')} not shown") if left > 0 else None,
        *(section(*lines[at : at + _A_SECTION]) for at in range(0, len(lines), _A_SECTION)),
        *(context(with_marks(note, 2000)) for note in page.notes[-10:]),
        section(*_last(news)),
        context(
            "Nobody tells a bot who read a message: “seen” is, in Slack, whoever pressed something or opened this log."
        ),
    ]
    return post(f"Log of the page for {news.app.name}: {count(len(page.told), 'entry', 'entries')}.", blocks)


def _first(news: PageLog) -> Iterator[str]:
    page = news.page
    yield f"{when(page.made_at)}: {person(page.by)} asked for help: {esc(page.what, 1000)}"
    if page.joined:
        yield f"{count(page.joined, 'page')} more of theirs joined it."


def _entry(news: PageLog, one: Told) -> str:
    whom, again = told_whom(news.page, one), f" again ({one.repeat + 1} times by now)" if one.repeat else ""
    if one.route == NO_ROUTE:
        return f"• {when(one.at)}: {whom} {outcome(one)}"
    by = "" if one.target == one.route else f" by {ROUTES.get(one.route, esc(one.route))}"
    where = f" ({esc(one.address)})" if one.route == "email" and one.address else ""
    return f"• {when(one.at)}: told {whom}{again}{by}{where}: {outcome(one)}"


def _last(news: PageLog) -> Iterator[str]:
    page = news.page
    if page.acknowledged_by and page.acknowledged_at:
        yield f"{when(page.acknowledged_at)}: {person(page.acknowledged_by)} acknowledged it."
    if page.state is PageState.ACKNOWLEDGED and page.due_at:
        asked = "open again" if page.reminded_at else "asked whether they are still on it"
        yield f"Next: {asked}, {when(page.due_at)}, unless it is resolved."
    if page.resolved_by and page.resolved_at:
        yield f"{when(page.resolved_at)}: {person(page.resolved_by)} resolved it. Nothing follows."
    if news.next_step is not None and news.next_at is not None:
        again = " again" if page.position >= len(page.steps) else ""
        yield f"Next: {target(news.next_step)}{again}, {when(news.next_at)}, unless somebody acknowledges it."
