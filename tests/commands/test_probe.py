"""Live apps: the bot looks at the company's own, at others by an admin's leave; their owners decide about routes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from checks.model import Outcome, Report
from commands.command import InvalidForm, Refused
from commands.news import Card, Checked, ProbeAsked
from commands.probe_rights import NOT_LET, needs_leave
from storage import apps, audit
from storage.leave_requests import probe_requests
from storage.model import App
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, RELIABILITY, Town
from tests.world import town as a_town

OURS, THEIRS, OTHER = "https://billing.acme.example/", "https://billing.lovable.invalid/", "https://other.invalid/"


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Give a town whose company has one domain."""
    async with a_town(tmp_path, own_domains=("acme.example",)) as made:
        yield made


async def registered(town: Town, repository: Repository, live_url: str, by: str = ANN) -> App:
    """Have the app registered, and its first check made."""
    answer = await town.ask(by, "register-app", f"billing-bot {repository} --channel #apps --live-url {live_url}")
    await town.tick()
    app: App = answer.card.app
    return app


async def now(town: Town, app: App) -> App:
    """Return the app as it is registered now."""
    async with town.world.database.read() as transaction:
        found = await apps.get(transaction, app.id)
    assert found is not None
    return found


def reason(report: Report) -> str:
    """Return why the live app was not looked at."""
    (result,) = [one for one in report.results if one.check == "tls-expiry"]
    assert result.outcome is Outcome.NOT_CHECKED
    return result.reason or ""


def newest(town: Town) -> str:
    """Return why the newest verdict in the thread could not look at the live app."""
    return reason(town.said(Checked, APPS)[-1].report)


async def press(town: Town, person: str = DEE) -> str:
    """Have a person press the button of the newest request, and the check made."""
    asked = town.said(ProbeAsked, RELIABILITY)[-1].request.id
    answer = await town.ask(person, "allow-probe", id=asked, at=RELIABILITY)
    await town.tick()
    return str(answer.text)


async def test_an_address_of_the_company_is_looked_at(town: Town, repository: Repository) -> None:
    """Nobody is asked; that the name leads nowhere here is what the check meets."""
    await registered(town, repository, OURS)
    assert not town.said(ProbeAsked)
    assert "could not be looked up" in newest(town)


async def test_an_address_of_others_waits_for_an_admin(town: Town, repository: Repository) -> None:
    """One request stands in the reliability channel; card and verdict say so, and nothing is asked of the address."""
    app = await registered(town, repository, THEIRS)
    await town.ask(CY, "check-app", "billing-bot")
    await town.push(hours=30)
    (asked,) = [one for one in town.chat if isinstance(one.news, ProbeAsked)]
    assert (asked.place, asked.news.owners, asked.news.request.live_url) == (RELIABILITY, (ANN,), THEIRS)
    assert newest(town) == NOT_LET
    (card,) = town.said(Card, APPS)
    assert (card.probe_asked_in, card.may_probe) == (RELIABILITY, False)
    with pytest.raises(Refused, match="I may not look at billing-bot where it runs yet"):
        await town.ask(ANN, "probe-routes", id=f"{app.id}:on")


async def test_an_admin_lets_it_be_looked_at(town: Town, repository: Repository) -> None:
    """The leave starts a check that looks, the request says who gave it, and it is kept."""
    app = await registered(town, repository, THEIRS)
    await town.push(minutes=1)
    assert "I am looking at billing.lovable.invalid now" in await press(town)
    assert "could not be looked up" in newest(town)
    (asked,) = town.said(ProbeAsked, RELIABILITY)
    assert (asked.request.allowed_by, asked.request.answered_at) == (DEE, town.clock.now())
    (card,) = town.said(Card, APPS)
    assert (card.probe_asked_in, card.may_probe) == (None, True)
    async with town.world.database.read() as transaction:
        (entry,) = [one for one in await audit.entries(transaction, app.id) if one.what == "allow probe"]
    assert (entry.who, entry.detail["live_url"]) == (DEE, THEIRS)


async def test_an_admin_who_registers_it_lets_it_be_looked_at_by_that(town: Town, repository: Repository) -> None:
    """Nobody is asked."""
    await registered(town, repository, THEIRS, by=DEE)
    assert not town.said(ProbeAsked)
    assert "could not be looked up" in newest(town)


@pytest.mark.parametrize("by", [ANN, DEE])
async def test_another_address_is_not_what_was_allowed(town: Town, repository: Repository, by: str) -> None:
    """Whoever changes it, both leaves end, what runs there is checked anew, and the admins are asked again."""
    app = await registered(town, repository, THEIRS)
    await press(town)
    await town.ask(ANN, "probe-routes", id=f"{app.id}:on")
    await town.tick()
    assert (await now(town, app)).probes_routes
    form = {"id": app.id, "name": app.name, "repository": str(repository)}
    said = await town.ask(by, "register-app", **form, live_url=OTHER)
    assert "What runs there is being checked" in said.text
    await town.tick()
    changed = await now(town, app)
    assert (changed.probes_live, changed.probes_routes) == (False, False)
    first, second = town.said(ProbeAsked, RELIABILITY)
    assert (first.request.allowed_by, second.request.live_url) == (DEE, OTHER)
    async with town.world.database.read() as transaction:
        (request,) = [await probe_requests.open_of(transaction, app.id)]
    assert request is not None
    await town.ask(by, "register-app", **form, live_url="")
    await town.tick()
    with pytest.raises(Refused, match="another address now"):
        await town.ask(DEE, "allow-probe", id=second.request.id)
    assert not (await now(town, app)).probes_live


async def test_who_is_no_admin_cannot_allow_it(town: Town, repository: Repository) -> None:
    """Not even its owner: a hint, and a row in the audit log."""
    app = await registered(town, repository, THEIRS)
    for person in (ANN, CY):
        with pytest.raises(Refused, match="Only an admin"):
            await press(town, person)
    async with town.world.database.read() as transaction:
        tried = [one.who for one in await audit.entries(transaction, app.id) if one.what == "refused allow probe"]
    assert tried == [ANN, CY]


async def test_of_two_admins_at_once_one_allows_it(town: Town, repository: Repository) -> None:
    """The other is told who did."""
    town.world = replace(town.world, house=replace(town.world.house, admins=frozenset({BO})))
    await registered(town, repository, THEIRS)
    answers = await asyncio.gather(press(town, BO), press(town, DEE), return_exceptions=True)
    (late,) = [str(one) for one in answers if isinstance(one, Refused)]
    winner = {BO: "@bo", DEE: "@dee"}[town.said(ProbeAsked, RELIABILITY)[-1].request.allowed_by or ""]
    assert late == f"Already allowed by {winner} at 09:00 UTC."


async def test_its_owner_decides_about_its_routes(town: Town, repository: Repository) -> None:
    """On and off, each once; a colleague may not, and the check that follows has it."""
    app = await registered(town, repository, OURS)
    with pytest.raises(Refused, match="Only the owner of billing-bot"):
        await town.ask(CY, "probe-routes", id=f"{app.id}:on")
    assert "none that might change data" in (await town.ask(ANN, "probe-routes", id=f"{app.id}:on")).text
    with pytest.raises(Refused, match="I ask the routes of billing-bot already"):
        await town.ask(ANN, "probe-routes", id=f"{app.id}:on")
    await town.tick()
    assert town.said(Card, APPS)[0].app.probes_routes
    await town.ask(ANN, "probe-routes", id=f"{app.id}:off")
    await town.tick()
    assert not (await now(town, app)).probes_routes


async def test_a_colleague_asks_where_nobody_was_asked(town: Town, repository: Repository) -> None:
    """Where a domain is the company's no more, the verdict offers to ask; once asked, nothing more is posted."""
    app = await registered(town, repository, OURS)
    with pytest.raises(Refused, match="nothing to ask"):
        await town.ask(CY, "ask-probe", id=app.id)
    town.world = replace(town.world, house=replace(town.world.house, own_domains=()))
    await town.ask(CY, "check-app", "billing-bot")
    await town.tick()
    assert town.said(Checked, APPS)[-1].may_ask_probe
    for _ in range(2):
        assert "asked in #reliability" in (await town.ask(CY, "ask-probe", id=app.id)).text
    await town.tick()
    assert len(town.said(ProbeAsked, RELIABILITY)) == 1
    await town.ask(CY, "check-app", "billing-bot")
    await town.tick()
    assert not town.said(Checked, APPS)[-1].may_ask_probe


@pytest.mark.parametrize(
    ("address", "leave"),
    [
        (OURS, False),
        ("https://ACME.example/", False),
        ("https://evilacme.example/", True),
        ("https://acme.example.evil.invalid/", True),
        ("https://evil.invalid/?x=acme.example", True),
        ("https://evil.invalid#acme.example", True),
        ("https://93.184.215.14/", True),
        ("http://127.0.0.1:8000/", False),  # never looked at, whoever would allow it
        ("http://2130706433/", False),
    ],
)
async def test_whose_an_address_is_stands_in_its_host(town: Town, address: str, leave: bool) -> None:
    """A domain is the company's own where the host ends in it, and nowhere else."""
    assert needs_leave(address, town.world) is leave


async def test_a_form_that_no_browser_reads_plainly_is_refused(town: Town, repository: Repository) -> None:
    """What hides where it leads is said at its field."""
    for address in ("http://2130706433/", "http://0x7f.1/", "http://127.1/"):
        with pytest.raises(InvalidForm, match="not a plain host name or address"):
            await town.ask(ANN, "register-app", name="x-bot", repository=str(repository), live_url=address)
