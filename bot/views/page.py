"""A page as it stands: what is wrong, who was told when, what comes next, and who answered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, header, post, section
from bot.views.text import channel, clean, esc, person, told, when
from commands.news import Paged
from storage.model import Page, PageState, Step, Told

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
        section(*_sentences(news)),
        rich.bullets(_log(page)) if page.told else None,
        *(context(told(note)) for note in page.notes[:5]),
        actions(*_buttons(page, name)),
    ]
    return post(clean(f"{_notice(news)} {page.what}", 500), blocks)


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
    more = f" (and {page.joined} more times)" if page.joined else ""
    yield f"{person(page.by)} asked for help with *{esc(news.app.name)}* on {when(page.made_at)}{more}."
    if page.acknowledged_by and page.acknowledged_at:
        yield f"*{person(page.acknowledged_by)} is on it*, since {when(page.acknowledged_at)}."
    if page.resolved_by and page.resolved_at:
        yield f"*{person(page.resolved_by)} resolved it* on {when(page.resolved_at)}."
    if page.state is PageState.TRIGGERED and page.due_at is not None and page.steps:
        yield f"*Nobody has acknowledged it yet.* Next: {_next(page)}, {when(page.due_at)}."


def _next(page: Page) -> str:
    if page.position >= len(page.steps):
        return f"{_target(page.steps[-1])} again"
    return _target(page.steps[page.position])


def _target(step: Step) -> str:
    named = person(step.target) if step.is_person else channel(step.target)
    return f"{named} ({_ROLES.get(step.role, esc(step.role))})"


def _log(page: Page) -> list[list[Json]]:
    lines = [_told(page, one) for one in page.told[-_LOG:]]
    left = len(page.told) - len(lines)
    return [[rich.words(f"{left} earlier messages")], *lines] if left > 0 else lines


def _told(page: Page, one: Told) -> list[Json]:
    step = page.steps[one.step] if one.step < len(page.steps) else None
    whom = rich.somebody(one.target) if step is not None and step.is_person else rich.somewhere(one.target)
    role = f" ({_ROLES.get(step.role, step.role)})" if step is not None else ""
    again = f", time {one.repeat + 1}" if one.repeat else ""
    failed = f": not reached, {one.failed}" if one.failed else ""
    return [rich.moment(one.at, time_only=True), rich.words(" told "), whom, rich.words(f"{role}{again}{failed}")]


def _buttons(page: Page, name: str) -> Iterator[Json]:
    if page.state is PageState.TRIGGERED:
        yield button("Acknowledge", "acknowledge-page", page.id, style="primary", about=f"Acknowledge {name}")
    if page.state is not PageState.RESOLVED:
        yield button("Resolve", "resolve-page", page.id, about=f"Resolve the page for {name}")
