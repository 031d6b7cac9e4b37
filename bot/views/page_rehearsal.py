"""Who would be told of a page, when and how."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.block_kit import Post, context, header, post, section
from bot.views.page_words import ROUTES, role, target
from bot.views.text import channel, count, esc, person
from commands.page_news import PageRehearsal, Rehearsed, RehearsedPerson
from storage.model import StepKind


def view(news: PageRehearsal) -> Post:
    """Show the steps in order, each with when it is told and whom it comes down to now."""
    name = news.app.name
    last = news.steps[-1].step
    blocks = [
        header(f"A page for {name} would tell"),
        *(section(*_step(number, one, news)) for number, one in enumerate(news.steps, 1)),
        section(f"Then {target(last)} again every {minutes(last.wait.total_seconds())}, until somebody answers."),
        *(context(esc(note, 2000)) for note in news.notes),
        context(_second(news)),
        context("Nobody was told, and nothing was kept."),
    ]
    return post(f"A page for {name} would tell {count(len(news.steps), 'step')}; nobody was told.", blocks)


def minutes(seconds: float) -> str:
    """Write a length of time in minutes, or in seconds below one."""
    return count(int(seconds // 60), "minute") if seconds >= 60 else count(int(seconds), "second")  # noqa: PLR2004 - of a minute


def _step(number: int, one: Rehearsed, news: PageRehearsal) -> Iterator[str]:
    after = one.after.total_seconds()
    moment = "at once" if not after else f"after {minutes(after)} without an answer"
    reached = [who for who in one.people if not who.failed]
    named = role(one.step)
    yield f"*{number}. {named[:1].upper()}{named[1:]}*, {moment}:"
    for who in one.people:
        yield f"• {_person(one, who, news)}"
    if not reached:
        yield "_Nobody can be told by this step: the next one follows at once._"


def _person(one: Rehearsed, who: RehearsedPerson, news: PageRehearsal) -> str:
    if who.target == one.step.target and one.step.kind in {StepKind.GROUP, StepKind.SCHEDULE}:
        return f"It {esc(who.failed)}"
    named = channel(who.target) if one.step.kind is StepKind.CHANNEL else person(who.target)
    if who.failed:
        return f"{named} would not be told: {esc(who.failed)}"
    if one.step.kind is StepKind.CHANNEL:
        return f"{named}, in Slack"
    also = f", then by e-mail ({esc(who.address)})" if "email" in news.second_routes and who.address else ""
    missing = "; no e-mail address of theirs is known" if "email" in news.second_routes and not who.address else ""
    return f"{named}, a direct message in Slack{also}{missing}"


def _second(news: PageRehearsal) -> str:
    if not news.second_routes:
        return "No second route is set up: where Slack does not answer, the page waits for it."
    named = ", ".join(ROUTES.get(route, route) for route in news.second_routes)
    after = minutes(news.second_after.total_seconds())
    return f"Second routes, where Slack has not taken a message for {after} or refuses it: {esc(named)}."
