"""Apps are found by name in any case and form, by person, and by any part of what is known of them."""

import pytest

from storage import apps, owners
from storage.database import Database, Taken
from storage.model import Acceptance, Owner, Role
from tests.storage.sample import NOW, an_app


async def test_a_name_is_taken_in_any_case_and_form(database: Database) -> None:
    """The second of two twins is refused, and the transaction goes on."""
    async with database.write() as transaction:
        await apps.add(transaction, an_app("café-bot"))
        with pytest.raises(Taken):
            await apps.add(transaction, an_app("CAFE\u0301-BOT", id="other"))
        await apps.add(transaction, an_app("tea-bot"))
    async with database.read() as transaction:
        found = await apps.named(transaction, "Cafe\u0301-Bot")
        assert await apps.names(transaction) == ("café-bot", "tea-bot")
    assert found is not None


async def test_mine_and_unowned_follow_the_answers(database: Database) -> None:
    """Whoever declined has nothing to do with the app; one that nobody accepted is unowned."""
    app = an_app(registered_by="U9")
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await owners.name(transaction, Owner(app.id, Role.OWNER, "U1", Acceptance.ASKED, "U9", NOW))
        await owners.name(transaction, Owner(app.id, Role.BACKUP, "U2", Acceptance.ASKED, "U9", NOW))

    async def count(condition: object) -> int:
        async with database.read() as transaction:
            return (await apps.find(transaction, [condition], limit=5))[1]  # type: ignore[list-item]  # a condition

    assert [await count(apps.mine(person)) for person in ("U1", "U2", "U3", "U9")] == [1, 1, 0, 1]
    assert await count(apps.unowned()) == 1
    async with database.write() as transaction:
        assert await owners.answer(transaction, app.id, Role.BACKUP, "U2", Acceptance.DECLINED, NOW)
        assert await owners.answer(transaction, app.id, Role.OWNER, "U1", Acceptance.ACCEPTED, NOW)
        assert not await owners.answer(transaction, app.id, Role.OWNER, "U1", Acceptance.DECLINED, NOW)
        assert not await owners.answer(transaction, app.id, Role.BACKUP, "U1", Acceptance.ACCEPTED, NOW)
        named = await owners.of_app(transaction, app.id)
    assert [(owner.role, owner.acceptance) for owner in named] == [
        (Role.OWNER, Acceptance.ACCEPTED),
        (Role.BACKUP, Acceptance.DECLINED),
    ]
    assert await count(apps.mine("U2")) == 0
    assert await count(apps.unowned()) == 0


@pytest.mark.parametrize(("text", "names"), [("BILL", ["billing-bot"]), ("invoices", ["billing-bot"]), ("%", [])])
async def test_search_takes_its_text_as_it_is(database: Database, text: str, names: list[str]) -> None:
    """Any part of name, purpose or repository; a percent sign is a percent sign."""
    async with database.write() as transaction:
        await apps.add(transaction, an_app(purpose="Sends Invoices"))
        await apps.add(transaction, an_app("tea-bot"))
    async with database.read() as transaction:
        found, _ = await apps.find(transaction, [apps.matching(text)], limit=5)
    assert [app.name for app in found] == names
