"""An order that is run again under its own name, since nobody knew whether it was done, has one effect."""

from typing import Any

import pytest
from sqlalchemy import select

from commands.command import Request, all_commands
from commands.news import CheckStarted, OwnershipAsked, Registered, Said
from storage import tables
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, Town


async def give(town: Town, order: str, text: str, *, once: str = "1", person: str = ANN, **fields: str) -> Any:
    """Have an order given that came in under the name *once*."""
    return await all_commands()[order].give(Request(person, text, fields, APPS, once=once), town.world)


async def count(town: Town, what: str) -> int:
    """Count what the audit log says was done of *what*."""
    async with town.world.database.read() as transaction:
        rows = await transaction.connection.execute(select(tables.audit.c.id).where(tables.audit.c.what == what))
        return len(rows.all())


async def test_a_check_of_an_address_is_promised_once(town: Town, repository: Repository) -> None:
    """Another request is another check."""
    first = await give(town, "check-app", str(repository))
    assert isinstance(first, CheckStarted)
    assert await give(town, "check-app", str(repository)) == first
    await town.tick()
    assert len(town.verdicts(APPS)) == 1
    after = await give(town, "check-app", str(repository))
    assert after.request.id == first.request.id, "it is done already, and is not made again"
    assert await count(town, "check address") == 1
    second = await give(town, "check-app", str(repository), once="2")
    assert second.request.id != first.request.id


async def test_a_check_of_an_app_is_promised_once(town: Town, repository: Repository) -> None:
    """Even where it is done before the order is run again."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    first = await give(town, "check-app", "billing-bot")
    await town.tick()
    assert (await give(town, "check-app", "billing-bot")).request.id == first.request.id
    await town.tick()
    assert len(town.verdicts(APPS)) == 2, "that of the registration, and the one that was asked for"


@pytest.mark.parametrize("is_form", [False, True])
async def test_an_app_is_registered_once_and_its_own_repetition_is_told_so(
    town: Town, repository: Repository, *, is_form: bool
) -> None:
    """Not that somebody else has the name; another request is told whose it is."""
    fields = {"name": "billing-bot", "repository": str(repository), "owner": BO, "channel": APPS} if is_form else {}
    text = "" if is_form else f"billing-bot {repository} @bo --channel #apps"
    first = await give(town, "register-app", text, **fields)
    assert isinstance(first, Registered)
    again = await give(town, "register-app", text, **fields)
    assert (again.card.app, again.asked, again.notes) == (first.card.app, first.asked, first.notes)
    await town.tick()
    assert len(town.verdicts(APPS)) == 1
    assert len(town.said(OwnershipAsked, BO)) == 1
    assert await count(town, "register app") == 1
    with pytest.raises(Exception, match="billing-bot"):
        await give(town, "register-app", text, once="2", **fields)


async def test_an_override_is_made_once(town: Town) -> None:
    """Its person is told once."""
    await town.ask(DEE, "on-call", "Nights set @ann @bo weekly Mon 09:00 UTC")
    for _ in range(2):
        shown = await give(town, "on-call", "Nights override @cy for 2h")
        assert len(shown.rows[0].overrides) == 1
    await town.deliver()
    assert len(town.said(Said, CY)) == 1
    assert await count(town, "override on-call") == 1


async def test_one_override_is_ended(town: Town) -> None:
    """Run again, it does not drop the one that comes next."""
    await town.ask(DEE, "on-call", "Nights set @ann @bo weekly Mon 09:00 UTC")
    await town.ask(ANN, "on-call", "Nights override @cy for 2h")
    await town.ask(ANN, "on-call", "Nights override @cy from Tue 20:00 until Wed 06:00")
    for _ in range(2):
        ended = await give(town, "on-call", "Nights end override")
        assert len(ended.rows[0].overrides) == 1
    assert await count(town, "end override") == 1
