"""A report comes back whole, and its findings keep the time at which they were first seen."""

from datetime import timedelta

from sqlalchemy import select

from checks.model import Context, Placement, Verdict
from storage import apps, reports
from storage.database import Database
from storage.tables import results
from tests.storage.sample import NOW, a_finding, a_report, an_app

LATER = NOW + timedelta(days=1)


async def test_a_report_comes_back_as_it_was(database: Database) -> None:
    """Every field of it survives, and it is the app's last one."""
    app, report = an_app(), a_report(a_finding())
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await reports.save(transaction, "r1", app.id, report, is_private=True)
    async with database.read() as transaction:
        saved = await reports.last_of(transaction, app.id)
        rows = (await transaction.connection.execute(select(results.c.check_id).order_by(results.c.check_id))).all()
    assert saved is not None
    assert saved.report == report
    assert saved.is_private
    assert [row.check_id for row in rows] == ["no-ci", "open-route"]


async def test_a_finding_keeps_the_day_it_was_first_seen(database: Database) -> None:
    """A later report of the same fault does not make it younger."""
    app = an_app()
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await reports.save(transaction, "r1", app.id, a_report(a_finding("f1")), is_private=False)
        later = a_report(a_finding("f1"), a_finding("f2"), at=LATER)
        await reports.save(transaction, "r2", app.id, later, is_private=False)
    async with database.read() as transaction:
        seen = await reports.first_seen(transaction, app.id)
    assert seen == {("open-route", "f1"): NOW, ("open-route", "f2"): LATER}


async def test_failing_apps_are_those_with_a_fault_in_the_way(database: Database) -> None:
    """What could not be looked at is no fault; a new judgement over the same report counts."""
    async with database.write() as transaction:
        for name, report in (("bad", a_report(a_finding())), ("good", a_report())):
            await apps.add(transaction, an_app(name))
            await reports.save(transaction, f"r-{name}", an_app(name).id, report, is_private=False)
    async with database.write() as transaction:
        found, total = await apps.find(transaction, [apps.failing()], limit=10)
        assert ([app.name for app in found], total) == (["bad"], 1)
        saved = await reports.get(transaction, "r-bad")
        assert saved is not None
        verdict = Verdict(Placement.SANDBOX, Placement.SANDBOX)
        await reports.judge_again(transaction, saved, Context(owner_accepted=True), verdict)
    async with database.read() as transaction:
        assert (await apps.find(transaction, [apps.failing()], limit=10))[1] == 0
        again = await reports.get(transaction, "r-bad")
    assert again is not None
    assert again.report.verdict == verdict
    assert again.report.results == saved.report.results


async def test_a_report_of_an_address_belongs_to_no_app(database: Database) -> None:
    """It can be opened by its id."""
    async with database.write() as transaction:
        await reports.save(transaction, "r1", None, a_report(a_finding()), is_private=False)
    async with database.read() as transaction:
        saved = await reports.get(transaction, "r1")
    assert saved is not None
    assert saved.app_id is None
