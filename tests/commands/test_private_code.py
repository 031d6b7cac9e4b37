"""Private code: the bot's own access tells nobody what the code host does not let them read."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from checks.engine import Engine
from checks.model import Outcome
from commands.command import Refused
from commands.news import Card, Checked, CheckRefused, PrivateAsked, Regressed
from storage import audit
from storage.model import App
from tests.code_host import CodeHost, code_host
from tests.commands.repository import OPEN_ROUTE, SOUND
from tests.repositories import commit, repository
from tests.world import ANN, APPS, BO, CY, DEE, RELIABILITY, Town
from tests.world import town as a_town

ADDRESS = "team/billing"


@pytest_asyncio.fixture
async def host(tmp_path: Path) -> AsyncIterator[CodeHost]:
    """Give a code host with one repository, which it shows to nobody without a token."""
    async with code_host(tmp_path) as running:
        repository(running.folder / ADDRESS, {"app.py": SOUND})

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            if "Authorization" in request.headers:
                return await running.serve(request)
            return web.Response(status=401, headers={"WWW-Authenticate": "Basic"})

        running.answer = answer
        yield running


@pytest_asyncio.fixture
async def town(tmp_path: Path, host: CodeHost) -> AsyncIterator[Town]:
    """Give a town whose bot has a token for the host."""
    engine = Engine(
        tmp_path / "home",
        hosts=(host.host,),
        token="github_pat_made_up_for_this_test",
        token_host=host.host,
        ca_file=host.certificate,
        allow_cidrs=("127.0.0.0/8", "::1/128"),
    )
    async with a_town(tmp_path, local_folders=()) as made:
        made.world = replace(made.world, house=replace(made.world.house, engine=engine))
        yield made


async def test_a_colleague_does_not_read_it_through_the_bot(town: Town, host: CodeHost) -> None:
    """An address that nobody registered is read without the token: the host's own refusal is the answer."""
    await town.ask(CY, "check-app", host.url(ADDRESS))
    await town.tick()
    (refused,) = town.said(CheckRefused)
    assert "private or does not exist" in refused.reason
    assert all("Authorization" not in request.headers for request in host.seen)


async def test_an_admin_reads_it_and_the_channel_sees_counts(town: Town, host: CodeHost) -> None:
    """The findings come in a direct message; the others may not open them either."""
    await town.ask(DEE, "check-app", host.url(ADDRESS))
    await town.tick()
    (public,), (own,) = town.said(Checked, APPS), town.said(Checked, DEE)
    assert (public.hide_findings, own.hide_findings) == (True, False)
    for order in ("show-details", "show-fix-prompt"):
        with pytest.raises(Refused, match="This code is private"):
            await town.ask(CY, order, id=public.report_id)
    await town.ask(DEE, "show-details", id=public.report_id)


def with_token(host: CodeHost) -> list[str]:
    """Return the paths of the requests in which the host got the token."""
    return [request.path for request in host.seen if "Authorization" in request.headers]


async def registered(town: Town, host: CodeHost, by: str = ANN, more: str = "") -> App:
    """Have the app registered, and its first check tried."""
    answer = await town.ask(by, "register-app", f"billing-bot {host.url(ADDRESS)} --channel #apps {more}")
    await town.tick()
    app: App = answer.card.app
    return app


async def allowed(town: Town) -> None:
    """Have Dee press the button of the newest request, and the check made."""
    await town.ask(DEE, "allow-private", id=town.said(PrivateAsked, RELIABILITY)[-1].request.id, at=RELIABILITY)
    await town.tick()


async def test_whoever_registers_private_code_reads_nothing_of_it(town: Town, host: CodeHost) -> None:
    """It is read without the token, however often; one request goes to the admins, and card and thread say so."""
    await registered(town, host, CY)
    await town.ask(CY, "check-app", "billing-bot")
    await town.push(hours=30)
    assert with_token(host) == []
    refused = town.said(CheckRefused, APPS)
    assert all("private or does not exist. I read private code only" in one.reason for one in refused)
    assert {one.asked_in for one in refused} == {RELIABILITY}
    (asked,) = [one for one in town.chat if isinstance(one.news, PrivateAsked)]
    assert (asked.place, asked.thread, asked.news.readers) == (RELIABILITY, None, (CY,))
    assert asked.news.request.repository == host.url(ADDRESS)
    (card,) = town.said(Card, APPS)
    assert (card.last, card.asked_in) == (None, RELIABILITY)
    assert not town.said(Checked)


async def test_an_admin_lets_it_be_read(town: Town, host: CodeHost) -> None:
    """The leave starts the check with the token, and the request says in place who gave it and when."""
    app = await registered(town, host)
    await town.push(minutes=1)
    await allowed(town)
    assert with_token(host)
    assert [one.hide_findings for one in town.said(Checked, APPS)] == [True]
    (asked,) = [one for one in town.chat if isinstance(one.news, PrivateAsked)]
    assert asked.before
    assert (asked.news.request.allowed_by, asked.news.request.answered_at) == (DEE, town.clock.now())
    assert town.said(Card, APPS)[0].asked_in is None
    async with town.world.database.read() as transaction:
        (entry,) = [one for one in await audit.entries(transaction, app.id) if one.what == "allow private"]
    assert (entry.who, entry.detail["repository"]) == (DEE, host.url(ADDRESS))


async def test_an_admin_who_registers_it_lets_it_be_read_by_that(town: Town, host: CodeHost) -> None:
    """Nobody is asked, and it is read at once."""
    await registered(town, host, DEE)
    assert with_token(host)
    assert len(town.said(Checked, APPS)) == 1
    assert not town.said(PrivateAsked)


@pytest.mark.parametrize("by", [ANN, DEE])
async def test_another_repository_is_not_what_was_allowed(town: Town, host: CodeHost, by: str) -> None:
    """Whoever changes it, the leave ends: the other repository is read without the token, and asked for anew."""
    app = await registered(town, host)
    await allowed(town)
    repository(host.folder / "team/payroll", {"app.py": SOUND})
    await town.ask(by, "register-app", id=app.id, name=app.name, repository=host.url("team/payroll"))
    await town.tick()
    assert not [path for path in with_token(host) if "payroll" in path]
    first, second = town.said(PrivateAsked, RELIABILITY)
    assert (first.request.allowed_by, second.request.allowed_by) == (DEE, None)
    assert second.request.repository == host.url("team/payroll")
    with pytest.raises(Refused, match="Already allowed by @dee"):
        await town.ask(DEE, "allow-private", id=first.request.id)

    await town.ask(by, "register-app", id=app.id, name=app.name, repository=host.url("team/wages"))
    await town.deliver()
    with pytest.raises(Refused, match="another repository now"):
        await town.ask(DEE, "allow-private", id=second.request.id)
    await town.tick()
    assert not [path for path in with_token(host) if "billing" not in path]
    assert [one.request.answered_at is None for one in town.said(PrivateAsked, RELIABILITY)] == [False, False, True]


async def test_who_is_no_admin_cannot_allow_it(town: Town, host: CodeHost) -> None:
    """Not even its owner: a hint, a row in the audit log, and nothing is read."""
    app = await registered(town, host)
    (asked,) = town.said(PrivateAsked, RELIABILITY)
    for person in (ANN, CY):
        with pytest.raises(Refused, match="Only an admin"):
            await town.ask(person, "allow-private", id=asked.request.id, at=RELIABILITY)
    await town.push(hours=1)
    assert with_token(host) == []
    async with town.world.database.read() as transaction:
        tried = [one.who for one in await audit.entries(transaction, app.id) if one.what == "refused allow private"]
    assert tried == [ANN, CY]


async def test_of_two_admins_at_once_one_allows_it(town: Town, host: CodeHost) -> None:
    """The other is told who did, and one check is made."""
    town.world = replace(town.world, house=replace(town.world.house, admins=frozenset({BO})))
    await registered(town, host)
    (asked,) = town.said(PrivateAsked, RELIABILITY)
    both = [town.ask(person, "allow-private", id=asked.request.id, at=RELIABILITY) for person in (BO, DEE)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Refused", "Said"]
    (late,) = [str(one) for one in answers if isinstance(one, Refused)]
    await town.tick()
    (asked,) = town.said(PrivateAsked, RELIABILITY)
    winner = {BO: "@bo", DEE: "@dee"}[asked.request.allowed_by or ""]
    assert late == f"Already allowed by {winner} at 09:00 UTC."
    assert len(town.said(Checked, APPS)) == 1


async def test_a_check_during_which_it_is_allowed_is_made_with_it(town: Town, host: CodeHost) -> None:
    """What was found out without the leave is not told any more: the same check goes on with it."""
    await registered(town, host)
    await town.ask(ANN, "check-app", "billing-bot")
    (asked,) = town.said(PrivateAsked, RELIABILITY)
    before, waiting = host.answer, [asked.request.id]
    assert before is not None

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        while waiting:
            await town.ask(DEE, "allow-private", id=waiting.pop(), at=RELIABILITY)
        return await before(request)

    host.answer = answer
    await town.tick()
    assert len(town.said(CheckRefused, APPS)) == 1
    assert len(town.said(Checked, APPS)) == 1


async def test_those_who_answer_for_it_get_its_findings_and_its_channel_counts(town: Town, host: CodeHost) -> None:
    """Owner and backup by direct message; card, list, thread and regressions name no place in the code."""
    app = await registered(town, host, more="--backup @bo")
    await town.ask(BO, "accept-app", id=f"{app.id}:backup")
    await town.deliver()
    assert town.said(PrivateAsked, RELIABILITY)[0].readers == (ANN, BO)
    await allowed(town)
    (public,) = town.said(Checked, APPS)
    assert public.hide_findings
    assert [one.hide_findings for person in (ANN, BO) for one in town.said(Checked, person)] == [False, False]
    with pytest.raises(Refused, match="This code is private"):
        await town.ask(CY, "show-details", id=public.report_id)
    await town.ask(BO, "show-details", id=public.report_id)

    commit(host.folder / ADDRESS, {"app.py": OPEN_ROUTE})
    await town.push(minutes=20)
    (news,) = town.said(Regressed, APPS)
    assert news.new == ("open-route: 1 finding",)
    shown = await town.ask(CY, "apps", "billing-bot")
    assert isinstance(shown, Card)
    assert shown.last is not None
    assert shown.last.verdict.placement == news.after.placement
    for verdict in (shown.last.verdict, news.after, (await town.ask(CY, "apps", "all")).rows[0].verdict):
        assert "app.py" not in str(verdict)
    assert any(held.outcome is Outcome.FAILED for held in shown.last.verdict.held_back)


async def test_code_that_anybody_can_read_hides_nothing(town: Town, host: CodeHost) -> None:
    """Where the host shows it without a token, so does the bot."""
    host.answer = None
    await registered(town, host)
    (public,) = town.said(Checked, APPS)
    assert not public.hide_findings
    assert with_token(host) == []
    assert not town.said(PrivateAsked)
    await town.ask(CY, "show-details", id=public.report_id)
