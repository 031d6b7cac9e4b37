"""A regression is open until it is closed, and an app has one at a time."""

from storage import apps, regressions
from storage.database import Database
from storage.model import Regression, RegressionEntry
from tests.storage.sample import NOW, a_report, an_app


async def test_a_regression_is_changed_in_place_and_closed(database: Database) -> None:
    """What stands is kept with it; closed, it is no longer the open one."""
    app, entry = an_app(), RegressionEntry("open-route:f1", "POST /refund is open")
    regression = Regression("g1", app.id, NOW, a_report().verdict, (entry,))
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await regressions.add(transaction, regression)
        assert await regressions.open_of(transaction, app.id) == regression
        gone = (RegressionEntry(entry.key, entry.sentence, gone=True),)
        await regressions.change(transaction, "g1", gone, None)
        kept = await regressions.open_of(transaction, app.id)
        assert kept is not None
        assert kept.entries == gone
        await regressions.change(transaction, "g1", gone, NOW)
        assert await regressions.open_of(transaction, app.id) is None
