"""Which form of /register-app opens, with what in it."""

import pytest

from commands.command import InvalidForm, Refused
from commands.news import RegisterForm
from tests.commands.paging import set_house
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, Town


async def test_options_of_a_registered_app_are_filled_into_its_form(town: Town, repository: Repository) -> None:
    """Nothing is changed until the form is saved; what was typed wrong is said, and others are told whose it is."""
    app_id = (await town.ask(ANN, "register-app", f"billing-bot {repository}")).card.app.id
    form = await town.ask(ANN, "register-app", "Billing-Bot --backup @bo --escalates-to @sre --data Personal")
    assert isinstance(form, RegisterForm)
    assert form.app_id == app_id
    filled = ("name", "owner", "backup", "escalates_to", "data")
    assert [form.fields[one] for one in filled] == ["billing-bot", ANN, BO, "@sre", "personal"]
    assert (await town.ask(CY, "apps", "billing-bot")).app.data is None
    await town.ask(ANN, "register-app", id=app_id, **form.fields)
    assert (await town.ask(CY, "apps", "billing-bot")).app.escalates_to == "group:SSRE:@sre"
    set_house(town, local_folders=())  # its folder cannot be read here: that is for the form to say
    form = await town.ask(ANN, "register-app", "billing-bot --channel #apps")
    assert (form.fields["channel"], form.fields["repository"]) == (APPS, str(repository))
    with pytest.raises(InvalidForm) as invalid:
        await town.ask(ANN, "register-app", "billing-bot --escalates-to on-call:Nights")
    assert list(invalid.value.faults) == ["escalates_to"]
    with pytest.raises(Refused, match="is owned by @ann"):
        await town.ask(CY, "register-app", "billing-bot --backup @bo")


async def test_an_address_alone_opens_the_form_for_it(town: Town, repository: Repository) -> None:
    """It is its repository, and its last part its name; so with a folder where folders are read."""
    for typed in ("https://github.com/acme/refund-desk", "<https://github.com/acme/refund-desk.git>"):
        form = await town.ask(ANN, "register-app", typed)
        assert form.app_id is None
        assert (form.fields["name"], form.fields["owner"]) == ("refund-desk", ANN)
        assert form.fields["repository"].removesuffix(".git") == "https://github.com/acme/refund-desk"
    form = await town.ask(ANN, "register-app", str(repository))
    assert (form.fields["name"], form.fields["repository"]) == (repository.folder.name, str(repository))
    with pytest.raises(Refused, match="Use the https form"):
        await town.ask(ANN, "register-app", "git@github.com:acme/refund-desk.git")
