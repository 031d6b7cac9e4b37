"""What a second route says, as plain text: what is wrong, since when, who else was told, and how to answer."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from bot.render import render_row
from bot.views.text import MENTION, clean, plain_marks, plain_when
from commands.news import KINDS, Said
from commands.page_news import Paged
from commands.world import Directory
from storage.model import Message, PageState, Step, Told

_log = logging.getLogger(__name__)

_NAMES_S = 2.0  # a second route is for when Slack does not answer: who somebody is is not waited for
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")  # Slack's id of one; channels and routes are targets, too
_LOG, _NOTES = 12, 5  # entries and notes; the last ones matter
_STATES = {
    PageState.TRIGGERED: "somebody is needed",
    PageState.ACKNOWLEDGED: "somebody is on it",
    PageState.RESOLVED: "resolved",
}
_ROLES = {
    "owner": "the owner",
    "backup": "the backup",
    "group": "the group",
    "on-call": "on call",
    "channel": "the app's channel",
    "reliability": "the reliability channel",
}
_ROUTES = {"": "in Slack", "email": "by e-mail", "webhook": "by the webhook", "pagerduty": "by PagerDuty"}


@dataclass(frozen=True, slots=True)
class Notice:
    """
    One message as a second route says it: *subject* in one line, *text* in many.

    *paged* is the page that it is about, where it is about one; *names* are those of people in it, by Slack's id.
    """

    subject: str
    text: str
    paged: Paged | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The page's state; "said" of anything else."""
        return self.paged.page.state.value if self.paged else "said"


async def notice(message: Message, directory: Directory | None = None) -> Notice:
    """Return what *message* says; *directory* tells names, as far as it answers at once."""
    news: object = msgspec.convert(message.news, KINDS[message.kind])
    if isinstance(news, Paged):
        names = await _names(news, directory)
        subject = f"{clean(news.app.name, 100)}: {_STATES[news.page.state]}"
        return Notice(f"{subject}: {clean(news.page.what, 150)}", "\n".join(_lines(news, names)), news, names)
    text = news.text if isinstance(news, Said) else render_row(message.kind, message.news).text
    return Notice(clean(text, 150), "\n".join(clean(line, 1000) for line in text.splitlines()))


async def _names(news: Paged, directory: Directory | None) -> dict[str, str]:
    page = news.page
    people = {page.by, page.acknowledged_by, page.resolved_by, *(one.target for one in page.told)}
    people |= {one for note in page.notes[-_NOTES:] for one in MENTION.findall(note)}
    names: dict[str, str] = {}
    if directory is None:
        return names
    try:
        async with asyncio.timeout(_NAMES_S):
            for one in sorted(one for one in people if one and _PERSON.fullmatch(one)):
                person = await directory.person(one)
                if person is not None:
                    names[one] = clean(person.name or person.handle, 80)
    except Exception:  # noqa: BLE001 - names are a help; whatever keeps Slack from telling them must not keep a page
        _log.info("people in a page are told without their names: Slack does not answer")
    return names


def _lines(news: Paged, names: Mapping[str, str]) -> Iterator[str]:
    page, app = news.page, news.app
    yield f"{clean(app.name, 100)}: {_STATES[page.state]}"
    yield ""
    yield from (f"  {clean(line, 1000)}" for line in page.what.splitlines())
    yield ""
    yield f"{named(page.by, names, 'Somebody')} asked for help, {plain_when(page.made_at)}."
    if page.acknowledged_by and page.acknowledged_at:
        who = named(page.acknowledged_by, names, "Somebody")
        yield f"{who} is on it, {plain_when(page.acknowledged_at)}."
    if page.resolved_by and page.resolved_at:
        yield f"{named(page.resolved_by, names, 'Somebody')} resolved it, {plain_when(page.resolved_at)}."
    if page.state is PageState.TRIGGERED:
        yield "Nobody has acknowledged it yet."
    if page.told:
        yield ""
        yield "Told so far:"
        yield from (f"  {_told(news, one, names)}" for one in page.told[-_LOG:])
    yield from (plain_marks(note, names, 1000) for note in page.notes[-_NOTES:])
    if page.state is PageState.TRIGGERED and news.next_step is not None and news.next_at is not None:
        yield f"Next: {role(news.next_step)}, {plain_when(news.next_at)}."
    yield ""
    yield from _answering(news)
    yield ""
    yield from _about(news)


def _told(news: Paged, one: Told, names: Mapping[str, str]) -> str:
    steps = news.page.steps
    whom = role(steps[one.step]) if one.step < len(steps) else "somebody"
    name = f" ({names[one.target]})" if one.target in names else ""
    became = f": not reached, {clean(one.failed)}" if one.failed else ""
    if not one.failed and not one.route and one.delivered_at is None:
        became = ": Slack has not taken it yet"
    return f"{plain_when(one.at)}: {whom}{name} {_ROUTES.get(one.route, '')}".rstrip() + became


def role(step: Step) -> str:
    """Return what to call whom *step* tells: "the owner", "on call (Nights)"."""
    return _ROLES.get(step.role, clean(step.role)) + (f" ({clean(step.name, 80)})" if step.name else "")


def named(person_id: str, names: Mapping[str, str], unknown: str) -> str:
    """Return the name of a person, or *unknown* where nobody told it."""
    return names.get(person_id, unknown)


def _answering(news: Paged) -> Iterator[str]:
    if news.page.state is PageState.RESOLVED:
        yield "There is nothing to do any more."
        return
    app = clean(news.app.name, 100)
    button = "Acknowledge" if news.page.state is PageState.TRIGGERED else "Resolve"
    yield f"To answer: in Slack press [{button}] under this page, where I told you of it or in the channels above;"
    yield f"/apps {app} shows the app and its open pages. Where Slack is away, reach the others yourself: the page"
    yield "goes on until somebody acknowledges it. Nobody reads answers to this message."


def _about(news: Paged) -> Iterator[str]:
    app = news.app
    for what, value in (("What it does", app.purpose), ("Runs at", app.live_url), ("Code", app.repository)):
        if value:
            yield f"{what}: {clean(value, 500)}"
    yield f"Page: {news.page.id}"
