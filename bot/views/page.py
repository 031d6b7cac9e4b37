"""
A page as it stands, for whoever is woken by it: what is wrong, the buttons, since when, who was told, what comes next.

Its whole log opens by a button (bot/views/page_log.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, header, post, section
from bot.views.card import DATA
from bot.views.page_words import ROUTES, outcome, role, target, told_whom
from bot.views.text import channel, count, esc, linked, person, when, with_marks
from commands.moments import clock_time
from commands.page_news import Paged
from storage.model import NO_ROUTE, App, Page, PageState, Told

_LOG = 4  # lines; the last ones matter
_MARKS = {
    PageState.TRIGGERED: "\N{LARGE RED CIRCLE}",
    PageState.ACKNOWLEDGED: "\N{LARGE YELLOW CIRCLE}",
    PageState.RESOLVED: "\N{LARGE GREEN CIRCLE}",
}


def view(news: Paged) -> Post:
    """Show a page."""
    page, name = news.page, news.app.name
    blocks = [
        header(f"{_MARKS[page.state]} {name}: {_state(page)}"),
        rich.quote(page.what),
        actions(*_buttons(news)),
        section(*_sentences(news)),
        section(*_log(page)) if page.told else None,
        *(context(with_marks(note, 2000)) for note in page.notes[-5:]),
        context(*_about(news.app)),
    ]
    return post(_notice(news), blocks)


def _about(app: App) -> Iterator[str]:
    """Say what it is, and where it, its thread and its code are: at night nobody remembers."""
    if app.purpose:
        yield esc(app.purpose, 600)
    if app.live_url:
        yield f"Runs at {linked(app.live_url, 500)}"
    if app.thread_channel:
        yield f"Its thread: in {channel(app.thread_channel)}; its card: `/apps {esc(app.name)}`"
    yield f"Data: {DATA[app.data] if app.data else 'not said (counts as payment)'}"
    yield f"Code: {linked(app.repository, 500)}"


def _state(page: Page) -> str:
    return {
        PageState.TRIGGERED: "somebody is needed",
        PageState.ACKNOWLEDGED: "somebody is on it",
        PageState.RESOLVED: "resolved",
    }[page.state]


def _notice(news: Paged) -> str:
    """Say the essential in plain text: it is all that a locked telephone shows."""
    page, name = news.page, news.app.name
    if page.state is not PageState.TRIGGERED:
        return f"{name} ({_state(page)}): {page.what}"
    following = news.next_step
    later = ""
    if following is not None and news.next_at is not None and page.told:
        # The words of a role alone: an id would be no name here.
        later = f" Next: {_plain(role(following))}, {clock_time(news.next_at, page.made_at)}."
    since = clock_time(page.made_at, page.made_at)
    return f"Page for {name}: {page.what[:300]} (since {since}). Nobody has acknowledged it.{later}"


def _plain(words: str) -> str:
    return words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def _sentences(news: Paged) -> Iterator[str]:
    page = news.page
    if news.joined:
        yield "_This page runs already: what you wrote is added to it, and nobody is told twice._"
    more = f" (and {count(page.joined, 'more time')})" if page.joined else ""
    yield f"{person(page.by)} asked for help with *{esc(news.app.name)}*{more}, {when(page.made_at)}."
    if page.acknowledged_by and page.acknowledged_at:
        yield f"*{person(page.acknowledged_by)} is on it*, {when(page.acknowledged_at)}."
    if page.resolved_by and page.resolved_at:
        yield f"*{person(page.resolved_by)} resolved it*, {when(page.resolved_at)}."
    if page.state is PageState.TRIGGERED:
        yield "*Nobody has acknowledged it yet.*" + _next(news)


def _next(news: Paged) -> str:
    if news.next_step is None or news.next_at is None:
        return ""
    again = " again" if news.page.position >= len(news.page.steps) else ""
    if not news.page.told:
        return f" I am telling {target(news.next_step)} now."
    return f" Next: {target(news.next_step)}{again}, {when(news.next_at)}."


def _log(page: Page) -> Iterator[str]:
    left = len(page.told) - _LOG
    if left > 0:
        yield f"• {count(left, 'earlier entry', 'earlier entries')}: press Log"
    for one in page.told[-_LOG:]:
        yield _told(page, one)


def _told(page: Page, one: Told) -> str:
    whom = told_whom(page, one)
    if one.route == NO_ROUTE:
        return f"• {when(one.at)}: {whom} {outcome(one)}"
    by = f" by {ROUTES.get(one.route, esc(one.route))}" if one.route and one.target != one.route else ""
    again = f" again ({one.repeat + 1} times by now)" if one.repeat else ""
    # That it was delivered is learned only after this is written; the log says it.
    trouble = f": {outcome(one)}" if one.failed or one.seen_at else ""
    return f"• {when(one.at)}: told {whom}{again}{by}{trouble}"


def _buttons(news: Paged) -> Iterator[Json]:
    page, name = news.page, news.app.name
    if news.may_answer and page.state is PageState.TRIGGERED:
        yield button("Acknowledge", "acknowledge-page", page.id, style="primary", about=f"Acknowledge {name}")
    if news.may_answer and page.state is not PageState.RESOLVED:
        yield button("Resolve", "resolve-page", page.id, about=f"Resolve the page for {name}")
    yield button("Log", "show-page-log", page.id, about=f"Log of the page for {name}")
