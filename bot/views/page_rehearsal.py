"""Who would be told of a page, when and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.views.block_kit import Post, context, header, post, section
from bot.views.page_words import ROUTES, role, target
from bot.views.text import channel, count, esc, person, with_marks
from commands.page_news import PageRehearsal, Rehearsed, RehearsedPerson
from storage.model import StepKind


def view(news: PageRehearsal) -> Post:
    """Show the steps in order, each with when it is told and whom it comes down to now."""
    name = news.app.name
    last = news.steps[-1].step
    blocks = [
        header(f"A page for {name} would tell"),
        *(section(*_step(number, one, news)) for number, one in enumerate(news.steps, 1)),
        section(f"Then {target(last)} again every {_every(last.wait)}, until somebody answers."),
        *(context(with_marks(note, 2000)) for note in news.notes),
        context(_second(news)),
        context("Nobody was told, and nothing was kept."),
    ]
    return post(f"A page for {name} would go {count(len(news.steps), 'step')}; nobody was told.", blocks)


def _long(time: timedelta) -> str:
    """Write a length of time: `5 minutes`, `40 seconds`, `1 min 20 s`."""
    whole, seconds = divmod(int(time.total_seconds()), 60)
    if not whole:
        return count(seconds, "second")
    return f"{whole:,} min {seconds} s" if seconds else count(whole, "minute")


def _every(time: timedelta) -> str:
    """Write a length of time behind the word "every": `minute`, not `1 minute`."""
    return _long(time).removeprefix("1 ") if time in {timedelta(seconds=1), timedelta(minutes=1)} else _long(time)


def _step(number: int, one: Rehearsed, news: PageRehearsal) -> Iterator[str]:
    moment = f"after {_long(one.after)} without an answer" if one.after else "at once"
    reached = [who for who in one.people if not who.failed]
    named = role(one.step)
    yield f"*{number}. {named[:1].upper()}{named[1:]}*, {moment}:"
    for who in one.people:
        yield f"• {_person(one, who, news)}"
    if one.goes_on:
        yield f"_{with_marks(one.goes_on, 600)}_"
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
    after = _long(news.second_after)
    return f"Second routes, where Slack has not taken a message for {after} or refuses it: {esc(named)}."
