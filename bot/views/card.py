"""An app's card: who answers for it, what data, where it may run, what it was last checked at, its open pages."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.block_kit import Json, Post, actions, button, context, fields, header, post, section
from bot.views.evidence import revision_words
from bot.views.people import NOBODY, is_accepted, owner_words, with_role
from bot.views.places import NAMES, marked
from bot.views.text import channel, clean, esc, linked, person, when
from checks.model import Audience, DataClass, Exposure
from commands.escalates_to import parse
from commands.news import Card
from storage.model import PageState, Role

DATA = {
    DataClass.NONE: "none",
    DataClass.INTERNAL: "internal",
    DataClass.PERSONAL: "personal",
    DataClass.PAYMENT: "payment",
}
AUDIENCES = {
    Audience.ME: "only me",
    Audience.TEAM: "my team",
    Audience.COMPANY: "the company",
    Audience.CUSTOMERS: "customers",
    Audience.ANYONE: "anyone",
}
EXPOSURES = {
    Exposure.HERE: "its builder's machine only",
    Exposure.INTERNAL: "the company's network",
    Exposure.LOGIN: "the internet, behind the company's login",
    Exposure.INTERNET: "the internet",
}


def view(news: Card) -> Post:
    """Show an app."""
    app = news.app
    blocks = [
        header(app.name),
        section(esc(app.purpose, 600)) if app.purpose else None,
        *(
            []
            if is_accepted(news.owners)
            else [section(f"{NOBODY} Until somebody does, its best place is the sandbox.")]
        ),
        fields(*_facts(news)),
        *_pages(news),
        section(f":warning: {esc(news.trouble, 600)}") if news.trouble else None,
        section(f":lock: An admin has to let me use my access to its code: asked in {channel(news.asked_in)}.")
        if news.asked_in
        else None,
        section(f":satellite_antenna: An admin has to let me look at it live: asked in {channel(news.probe_asked_in)}.")
        if news.probe_asked_in
        else None,
        context(*_small_print(news)),
        actions(*_buttons(news)),
    ]
    return post(_summary(news), blocks)


def _summary(news: Card) -> str:
    place = NAMES[news.last.verdict.placement] if news.last else _unchecked(news)
    return clean(f"{news.app.name}: {place}", 200)


def _unchecked(news: Card) -> str:
    return "could not be checked" if news.unseen_since else "not checked yet"


def _facts(news: Card) -> Iterator[tuple[str, str]]:
    app, last = news.app, news.last
    yield "Owner", owner_words(with_role(news.owners, Role.OWNER))
    then = f", then {esc(parse(app.escalates_to).written)}" if app.escalates_to else ""
    yield "Backup", owner_words(with_role(news.owners, Role.BACKUP)) + then
    since = f" ({when(news.unseen_since)}): see its thread" if news.unseen_since else ""
    yield "May run", marked(last.verdict.placement) if last else _unchecked(news) + since
    yield "Wants to run", NAMES[app.wanted]
    yield "Data", DATA[app.data] if app.data else "not said (counts as payment)"
    yield "Used by", AUDIENCES[app.audience] if app.audience else "not said (counts as anyone)"
    yield "Reached from", EXPOSURES[app.exposure] if app.exposure else "not said (counts as the internet)"
    yield "Code", linked(app.repository, 500)
    if app.live_url:
        yield "Runs at", linked(app.live_url, 500)
    if app.built_with:
        yield "Built with", esc(app.built_with, 100)


def _pages(news: Card) -> Iterator[Json]:
    for page in news.open_pages[:5]:
        answer = "nobody has answered yet"
        if page.state is PageState.ACKNOWLEDGED and page.acknowledged_by:
            answer = f"{person(page.acknowledged_by)} is on it"
        said = f":rotating_light: *Open page*, {when(page.made_at)}: {esc(page.what, 300)} ({answer})"
        log = button("Log", "show-page-log", page.id, about=f"Log of the page for {news.app.name}")
        yield section(said, accessory=log)


def _small_print(news: Card) -> Iterator[str]:
    if news.last:
        yield f"Last checked {when(news.last.checked_at)}, {revision_words(news.last.revision)}"
        if news.unseen_since:
            yield f"Its code is out of sight since {when(news.unseen_since)}: see its thread"
    yield f"Registered by {person(news.app.registered_by)}, {when(news.app.registered_at)}"


def _buttons(news: Card) -> Iterator[Json]:
    app = news.app
    yield button("Check now" if news.last is None else "Check again", "check-again", app.id, about=f"Check {app.name}")
    if news.last:
        yield button("Details", "show-details", news.last.report_id, about=f"Details of {app.name}")
    if app.probes_routes:
        yield button(
            "Stop asking its routes", "probe-routes", f"{app.id}:off", about=f"Stop asking {app.name}'s routes"
        )
    elif news.may_probe:
        yield button("Ask its routes, too", "probe-routes", f"{app.id}:on", about=f"Ask {app.name}'s routes, too")
