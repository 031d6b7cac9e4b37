"""New advisories are matched against what apps install, and told once to those whom they concern."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.render import render
from checks.gather.advisories_update import build
from commands.affected import Affected
from commands.command import Refused
from commands.news import AppList
from storage.tables import reports
from tests.checks.gather.test_advisories import record
from tests.commands.repository import Repository
from tests.postgres_server import running_postgres
from tests.requirements_of_machine import needs
from tests.world import ANN, APPS, BO, CY, Town
from tests.world import town as a_town

LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"async": "^2.6.0"}},
            "node_modules/async": {"version": "2.6.0", "dependencies": {"lodash": "^4.14.0"}},
            "node_modules/lodash": {"version": "4.17.4"},
        },
    }
)
HIGH = {"database_specific": {"severity": "HIGH"}}


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """A town on each engine."""
    if request.param == "sqlite":
        async with a_town(tmp_path) as made:
            yield made
        return
    with running_postgres(needs("postgres")) as server:
        async with a_town(tmp_path, url=server.new_database()) as made:
            yield made


async def known(town: Town, tmp_path: Path, *records: dict[str, Any]) -> None:
    """Let the index hold *records*, and the clock find that."""
    (tmp_path / "known.json").write_text(json.dumps(list(records)))
    await build([str(tmp_path / "known.json")], town.world.house.engine.home)
    await town.tick()


def about(name: str, day: int, identifier: str = "", ecosystem: str = "npm", **more: Any) -> dict[str, Any]:
    """Return a record of a *day* of April that every version of *name* below 5.0 is affected."""
    events = [{"introduced": "0"}, {"fixed": "5.0.0"}]
    affected = [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "SEMVER", "events": events}]}]
    moment = f"2026-04-{day:02}T00:00:00Z"
    return record(identifier or f"GHSA-{name}", name, modified=moment, **{"affected": affected, **HIGH, **more})


async def registered(town: Town, repository: Repository, name: str = "shop") -> None:
    """Have Ann register the repository, with a lock in it, as *name*."""
    if not (repository.folder / "package-lock.json").exists():
        repository.commit("package-lock.json", LOCK)
    await town.ask(ANN, "register-app", f"{name} {repository} --channel #apps")
    await town.tick()


async def test_an_app_is_told_once_what_has_become_known(town: Town, repository: Repository, tmp_path: Path) -> None:
    """What was known at the check, what is mild, and what is about other versions is not told; the rest is, once."""
    await known(town, tmp_path, about("next", 1))
    await registered(town, repository)
    assert town.said(Affected) == []
    news = [
        about("next", 2),
        about("lodash", 3, aliases=["CVE-2026-1"], summary="a fault in lodash"),
        about("async", 4, database_specific={"severity": "LOW"}),
        about("async", 5, "GHSA-later", affected=[]),
    ]
    await known(town, tmp_path, about("next", 1), *news)
    (told,) = town.said(Affected, APPS, in_thread=True)
    (app,) = told.apps
    assert [(one.name, one.version, one.advisory, one.fixed, one.direct) for one in app.packages] == [
        ("lodash", "4.17.4", "CVE-2026-1", "5.0.0", False)
    ]
    shown = str(render(told))
    assert "lodash 4.17.4" in shown
    assert "CVE-2026-1: a fault in lodash; fixed in 5.0.0 (it comes in through another package)" in shown
    again = about("lodash", 9, aliases=["CVE-2026-1", "PYSEC-9"], summary="other words")
    await known(town, tmp_path, about("next", 1), again)
    assert len(town.said(Affected)) == 1


async def test_what_a_check_has_told_is_no_news(town: Town, repository: Repository, tmp_path: Path) -> None:
    """A record that changes after it was found in the app is not told as if it were new."""
    await known(town, tmp_path, about("lodash", 1, aliases=["CVE-2026-1"]))
    await registered(town, repository)
    await known(town, tmp_path, about("lodash", 2, aliases=["CVE-2026-1"]))
    assert town.said(Affected) == []


async def test_who_answers_for_several_apps_is_told_of_all(town: Town, repository: Repository, tmp_path: Path) -> None:
    """Each app's thread says its own, and its owner gets one message for all of them."""
    await known(town, tmp_path, about("next", 1))
    for name in ("shop", "shop-two"):
        await registered(town, repository, name)
    await known(town, tmp_path, about("next", 1), about("lodash", 3))
    assert [one.apps[0].name for one in town.said(Affected, APPS)] == ["shop", "shop-two"]
    (whole,) = town.said(Affected, ANN)
    assert [app.name for app in whole.apps] == ["shop", "shop-two"]
    assert "2 apps are affected" in str(render(whole))


async def test_of_private_code_the_thread_gets_a_number(town: Town, repository: Repository, tmp_path: Path) -> None:
    """What private code installs is for those who answer for it."""
    await known(town, tmp_path, about("next", 1))
    await registered(town, repository)
    async with town.world.database.write() as transaction:
        await transaction.connection.execute(update(reports).values(is_private=True))
    await known(town, tmp_path, about("next", 1), about("lodash", 3))
    (thread,) = town.said(Affected, APPS)
    assert (thread.apps[0].packages, thread.apps[0].hidden) == ((), 1)
    assert "lodash" not in str(render(thread))
    (own,) = town.said(Affected, ANN)
    assert own.apps[0].packages[0].name == "lodash"
    assert (await town.ask(ANN, "apps", "using lodash")).total == 1
    assert (await town.ask(BO, "apps", "using lodash")).total == 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lodash@<4.17.21", ["shop"]),
        ("lodash@4.17.4", ["shop"]),
        ("lodash", ["shop"]),
        ("lodash@^4.0", ["shop"]),
        ("lodash@>=4.17.21", []),
        ("Flask@>=2,<3", ["shop"]),
        ("flask@3.0", []),
        ("nothing", []),
    ],
)
async def test_apps_are_found_by_what_they_use(
    town: Town, repository: Repository, asked: str, found: list[str]
) -> None:
    """A package with a range, as either ecosystem writes it, finds the apps whose last check saw it within."""
    repository.commit("requirements.txt", "flask==2.3.2\n")
    await registered(town, repository)
    listed = await town.ask(CY, "apps", f"using {asked}")
    assert isinstance(listed, AppList)
    assert [row.app.name for row in listed.rows] == found
    assert all(asked.partition("@")[0].lower() in row.note for row in listed.rows)
    assert bool(listed.hint) is not bool(found)
    render(listed)


@pytest.mark.parametrize("asked", ["", "@", "lodash@", "lodash@what is this", "a b", "x" * 400])
async def test_what_names_no_package_is_refused_with_an_example(town: Town, asked: str) -> None:
    """A range that neither ecosystem writes gets an example instead of an empty list."""
    with pytest.raises(Refused) as told:
        await town.ask(ANN, "apps", f"using {asked}")
    assert told.value.example == "/apps using lodash@<4.17.21"
