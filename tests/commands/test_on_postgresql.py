"""The same orders on PostgreSQL: one story from registration to a resolved page, with everybody acting at once."""

import asyncio
from pathlib import Path

from commands.command import Refused
from commands.news import Card, Checked, OwnershipAsked, Registered, Regressed, Said
from commands.page_news import Paged
from tests.commands.repository import OPEN_ROUTE, SOUND, Repository
from tests.postgres_server import running_postgres
from tests.requirements_of_machine import needs
from tests.world import ANN, APPS, BO, CY, RELIABILITY
from tests.world import town as a_town


async def test_the_whole_job_on_postgresql(tmp_path: Path, repository: Repository) -> None:
    """Register, accept, check, regress, page, escalate, acknowledge: with two of each at once, one effect each."""
    repository.commit("app.py", SOUND)
    with running_postgres(needs("postgres")) as server:
        async with a_town(tmp_path, url=server.new_database()) as town:
            both = await asyncio.gather(
                *(town.ask(BO, "register-app", f"{name} {repository} @ann --channel #apps") for name in ("Bot", "bot")),
                return_exceptions=True,
            )
            assert sorted(type(one).__name__ for one in both) == ["InvalidForm", "Registered"]
            app = next(one for one in both if isinstance(one, Registered)).card.app
            await town.tick()
            assert len(town.said(Card, APPS)) == len(town.said(Checked, APPS)) == len(town.said(OwnershipAsked)) == 1
            again = await asyncio.gather(
                *(town.ask(ANN, "accept-app", id=f"{app.id}:owner") for _ in range(2)), return_exceptions=True
            )
            assert sorted(type(one).__name__ for one in again) == ["Refused", "Said"]
            checks = await asyncio.gather(*(town.ask(CY, "check-app", app.name) for _ in range(5)))
            assert len({one.request.id for one in checks}) == 1

            await town.tick()
            repository.commit("app.py", OPEN_ROUTE)
            await town.push(minutes=20)
            assert len(town.said(Regressed, APPS)) == 1

            joined = await asyncio.gather(*(town.ask(CY, "page-owner", f"bot fault {n}") for n in range(10)))
            assert sorted(one.joined for one in joined) == [False] + [True] * 9
            await asyncio.gather(*(town.ask("clock", "escalate-pages") for _ in range(5)))
            await town.deliver()
            assert sorted(one.place for one in town.chat if isinstance(one.news, Paged)) == [ANN, CY]
            for _ in range(3):
                await town.push(minutes=10)
            assert [one.page.told[-1].target for one in town.said(Paged, RELIABILITY)] == [RELIABILITY] * 2
            page_id = joined[0].page.id
            answers = await asyncio.gather(
                *(town.ask(person, "resolve-page", id=page_id, at=RELIABILITY) for person in (ANN, BO, CY)),
                return_exceptions=True,
            )
            assert sorted(type(one) is Said for one in answers) == [False, False, True]
            assert all(isinstance(one, Said | Refused) for one in answers)
