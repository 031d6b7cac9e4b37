"""What apps install is kept as rows that can be asked about, by the last report of each."""

import pytest

from checks.model import Installed
from storage import apps, packages, reports
from storage.database import Database
from storage.packages import Use
from tests.storage.sample import a_finding, a_report, an_app

LODASH = Installed("npm", "lodash", "4.17.4", direct=False)
FLASK = Installed("PyPI", "flask", "2.0", dev=True)


async def test_a_report_leaves_what_the_app_installs(database: Database) -> None:
    """The packages stand in rows of their own, with how the app gets to them, and not within the report."""
    app = an_app()
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await reports.save(transaction, "r1", app.id, a_report(packages=(LODASH, FLASK)), is_private=True)
    async with database.read() as transaction:
        saved = await reports.get(transaction, "r1")
        versions = await packages.versions_of(transaction, {"lodash", "flask", "next"})
        uses = await packages.uses_of(transaction, [("npm", "lodash", "4.17.4"), ("PyPI", "flask", "9")])
    assert saved is not None
    assert saved.report.packages == ()
    assert versions == {("npm", "lodash"): ["4.17.4"], ("PyPI", "flask"): ["2.0"]}
    assert uses == (Use(app.id, "npm", "lodash", "4.17.4", direct=False, dev=False, is_private=True),)


async def test_the_next_report_takes_its_place(database: Database) -> None:
    """Only what the last check saw is installed, and what it told is told."""
    app = an_app()
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await reports.save(transaction, "r1", app.id, a_report(a_finding(), packages=(LODASH,)), is_private=False)
        assert await packages.told_of(transaction, [app.id]) == {(app.id, "flask", "GHSA-1")}
        await reports.save(transaction, "r2", app.id, a_report(packages=(FLASK,)), is_private=False)
    async with database.read() as transaction:
        assert set(await packages.versions_of(transaction, {"lodash", "flask"})) == {("PyPI", "flask")}
        assert await packages.told_of(transaction, [app.id]) == set()


async def test_an_address_without_an_app_leaves_nothing(database: Database) -> None:
    """A check of somebody's address is no app's, and nobody is told later."""
    async with database.write() as transaction:
        await reports.save(transaction, "r1", None, a_report(packages=(LODASH,)), is_private=False)
        assert await packages.versions_of(transaction, {"lodash"}) == {}


@pytest.mark.parametrize("number", [1, 1_000])
async def test_many_names_and_versions_are_asked_in_parts(database: Database, number: int) -> None:
    """More values than one statement takes come back whole."""
    app = an_app()
    many = tuple(Installed("npm", f"p{index}", "1.0.0") for index in range(number))
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await reports.save(transaction, "r1", app.id, a_report(packages=many), is_private=False)
    async with database.read() as transaction:
        assert len(await packages.versions_of(transaction, {one.name for one in many})) == number
        assert len(await packages.uses_of(transaction, [("npm", one.name, "1.0.0") for one in many])) == number
