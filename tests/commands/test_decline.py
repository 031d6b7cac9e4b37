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


async def test_saving_the_form_asks_nobody_again_who_declined(town: Town, repository: Repository) -> None:
    """Whoever said no is not filled in; picked on purpose they are asked once more."""
    app = (await town.ask(CY, "register-app", f"billing-bot {repository} @ann --backup @bo")).card.app
    for person, role in ((ANN, "owner"), (BO, "backup")):
        await town.ask(person, "name-somebody", id=f"{app.id}:{role}", person="")
    form = await town.ask(CY, "register-app", "billing-bot")
    assert {"owner", "backup"}.isdisjoint(form.fields)
    said = await town.ask(CY, "register-app", id=app.id, **form.fields | {"purpose": "Sends invoices"})
    assert "asked" not in said.text
    assert {one.acceptance for one in (await town.ask(CY, "apps", "billing-bot")).owners} == {Acceptance.DECLINED}
    said = await town.ask(CY, "register-app", id=app.id, **form.fields | {"owner": BO, "backup": DEE})
    assert "I have asked @bo and @dee to answer for it." in said.text


async def test_a_question_that_was_taken_back_says_so(town: Town, repository: Repository) -> None:
    """Whoever was asked to be the backup, and is no longer wanted, has no button left that does nothing."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --backup @bo")
    await town.tick()
    form = await town.ask(ANN, "register-app", "billing-bot")
    await town.ask(ANN, "register-app", id=form.app_id, **form.fields | {"backup": ""})
    await town.tick()
    assert [one.answer for one in town.said(OwnershipAsked, BO)] == ["No longer needed: nobody is the backup any more."]
