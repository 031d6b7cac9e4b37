"""Declining an app, and naming who it is instead."""

import pytest

from commands.command import InvalidForm, Refused
from commands.news import NameSomebodyForm, OwnershipAsked, Said
from storage.model import Acceptance
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, DEE, EVE, Town


async def test_not_me_it_is_somebody_else(town: Town, repository: Repository) -> None:
    """The click only asks who it is; what is answered declines, and whoever is named is asked in turn."""
    answer = await town.ask(CY, "register-app", f"billing-bot {repository} @ann")
    value = f"{answer.card.app.id}:owner"
    form = await town.ask(ANN, "decline-app", id=value)
    assert isinstance(form, NameSomebodyForm)
    with pytest.raises(InvalidForm, match="@eve is a guest"):
        await town.ask(ANN, "name-somebody", id=value, person=EVE)
    await town.tick()
    assert (await town.ask(CY, "apps", "billing-bot")).owners[0].acceptance is Acceptance.ASKED
    assert not town.said(OwnershipAsked, ANN)[0].answer
    for person in (CY, DEE):
        with pytest.raises(Refused, match="only they can say so"):
            await town.ask(person, "name-somebody", id=value, person=BO)
    await town.ask(ANN, "name-somebody", id=value, person=BO)
    await town.tick()
    assert "is not yours" in town.said(OwnershipAsked, ANN)[0].answer
    assert town.said(OwnershipAsked, BO)[0].asked_by == ANN
    assert [one.text for one in town.said(Said, CY)] == [
        "@ann says that they are not the owner of billing-bot. I have asked @bo instead."
    ]
    await town.ask(BO, "accept-app", id=value)
    assert (await town.ask(CY, "apps", "billing-bot")).owners[0].person == BO


async def test_not_me_and_nobody_else_declines_plainly(town: Town, repository: Repository) -> None:
    """Whoever named them is told, and names somebody else; whoever accepted cannot decline any more."""
    answer = await town.ask(CY, "register-app", f"billing-bot {repository} @ann --backup @bo")
    said = await town.ask(ANN, "name-somebody", id=f"{answer.card.app.id}:owner", person="")
    assert said.text == "Noted: it is not you. I have told whoever named you."
    await town.tick()
    assert (await town.ask(CY, "apps", "billing-bot")).owners[0].acceptance is Acceptance.DECLINED
    assert "is not yours" in town.said(OwnershipAsked, ANN)[0].answer
    assert town.said(Said, CY)[0].example == "/register-app billing-bot"
    value = f"{answer.card.app.id}:backup"
    await town.ask(BO, "name-somebody", id=value, person=BO)
    await town.tick()
    assert "is yours" in town.said(OwnershipAsked, BO)[0].answer
    for order in ("decline-app", "name-somebody"):
        with pytest.raises(Refused, match="You have accepted billing-bot"):
            await town.ask(BO, order, id=value)
