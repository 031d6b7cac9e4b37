"""Whom a refusal names: those who may, where it is known who they are and they are few."""

import pytest

from commands.command import Refused
from tests.commands.paging import registered, schedule, set_house
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, DEE, Town


async def test_a_refusal_names_whom_to_ask(town: Town, repository: Repository) -> None:
    """The owner and backup who accepted, and admins where they are few; nobody who is gone."""
    set_house(town, admins=frozenset({DEE}))
    await registered(town, repository)
    with pytest.raises(Refused, match=r"ask one of them\. You can ask @dee\.$"):
        await town.ask(CY, "on-call", "Nights set @ann weekly Mon 09:00 UTC")
    await schedule(town, "Nights", [BO])
    with pytest.raises(Refused, match=r"may change it\. You can ask @dee or @bo\.$"):
        await town.ask(ANN, "on-call", "Nights end override")
    app_id = (await town.ask(CY, "apps", "billing-bot")).app.id
    fields = {"id": app_id, "name": "other", "repository": str(repository), "owner": ANN, "backup": BO}
    with pytest.raises(Refused, match=r"may change it\. You can ask @ann, @bo or @dee\.$"):
        await town.ask(CY, "register-app", **fields)
    town.people.deactivate(BO)
    with pytest.raises(Refused, match=r"may change it\. You can ask @ann or @dee\.$"):
        await town.ask(CY, "register-app", **{**fields, "backup": ""})
    set_house(town, admins=frozenset({ANN, BO, DEE, "UMAX"}))
    with pytest.raises(Refused, match=r"ask one of them\.$"):
        await town.ask(CY, "on-call", "Days set @ann weekly Mon 09:00 UTC")
