"""Private code: the bot's own access tells nobody what the code host does not let them read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from checks.engine import Engine
from checks.model import Outcome
from commands.command import Refused
from commands.news import Card, Checked, CheckRefused, Regressed
from tests.code_host import CodeHost, code_host
from tests.commands.repository import OPEN_ROUTE, SOUND
from tests.repositories import commit, repository
from tests.world import ANN, APPS, BO, CY, DEE, Town
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
    async with a_town(tmp_path, local_folders=False) as made:
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


async def test_those_who_answer_for_it_get_its_findings_and_its_channel_counts(town: Town, host: CodeHost) -> None:
    """Owner and backup by direct message; card, list, thread and regressions name no place in the code."""
    answer = await town.ask(ANN, "register-app", f"billing-bot {host.url(ADDRESS)} --backup @bo --channel #apps")
    await town.ask(BO, "accept-app", id=f"{answer.card.app.id}:backup")
    await town.tick()
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
    await town.ask(ANN, "register-app", f"billing-bot {host.url(ADDRESS)} --channel #apps")
    await town.tick()
    (public,) = town.said(Checked, APPS)
    assert not public.hide_findings
    await town.ask(CY, "show-details", id=public.report_id)
