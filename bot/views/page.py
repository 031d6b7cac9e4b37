"""A page as it stands: what is wrong, who was told when, what comes next, and who answered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, header, post, section
from bot.views.card import DATA
from bot.views.text import channel, count, esc, linked, person, when
from commands.news import Paged
from storage.model import App, Page, PageState, Step, StepKind, Told

_LOG = 12  # lines; the last ones matter
_MARKS = {
    PageState.TRIGGERED: "\N{LARGE RED CIRCLE}",
    PageState.ACKNOWLEDGED: "\N{LARGE YELLOW CIRCLE}",
    PageState.RESOLVED: "\N{LARGE GREEN CIRCLE}",
}
_ROLES = {
    "owner": "the owner",
    "backup": "the backup",
    "channel": "the app's channel",
    "reliability": "the reliability channel",
}


def view(news: Paged) -> Post:
    """Show a page."""
    page, name = news.page, news.app.name
    blocks = [
        header(f"{_MARKS[page.state]} {name}: {_state(page)}"),
        rich.quote(page.what),
        context(*_about(news.app)),
        section(*_sentences(news)),
        section(*_log(page)) if page.told else None,
        *(context(esc(note, 2000)) for note in page.notes[:5]),
        actions(*_buttons(page, name)) if news.may_answer else None,
    ]
    return post(f"{_notice(news)} {page.what}", blocks)


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
    if news.page.state is PageState.TRIGGERED:
        return f"Page for {news.app.name}:"
    return f"{news.app.name} ({_state(news.page)}):"


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
        return f" I am telling {_target(news.next_step)} now."
    return f" Next: {_target(news.next_step)}{again}, {when(news.next_at)}."


def _target(step: Step) -> str:
    named = person(step.target) if step.kind is StepKind.PERSON else channel(step.target)
    return f"{named} ({_ROLES.get(step.role, esc(step.role))})"


def _log(page: Page) -> Iterator[str]:
    left = len(page.told) - _LOG
    if left > 0:
        yield f"• {left} earlier messages"
    for one in page.told[-_LOG:]:
        yield _told(page, one)


def _told(page: Page, one: Told) -> str:
    step = page.steps[one.step] if one.step < len(page.steps) else None
    whom = _target(step) if step is not None else esc(one.target)
    again = f" again ({one.repeat + 1} times by now)" if one.repeat else ""
    failed = f": not reached, {esc(one.failed)}" if one.failed else ""
    return f"• {when(one.at)}: told {whom}{again}{failed}"


def _buttons(page: Page, name: str) -> Iterator[Json]:
    if page.state is PageState.TRIGGERED:
        yield button("Acknowledge", "acknowledge-page", page.id, style="primary", about=f"Acknowledge {name}")
    if page.state is not PageState.RESOLVED:
        yield button("Resolve", "resolve-page", page.id, about=f"Resolve the page for {name}")
