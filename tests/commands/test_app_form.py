"""What the form and the words of an app take, and what they refuse at its field."""

import pytest

from commands.command import InvalidForm, Refused
from commands.ownership import ask
from storage.model import Role
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, EVE, Town


async def test_owner_and_backup_are_two_people(town: Town, repository: Repository) -> None:
    """Nobody is both, be it in words, by registering it, by a change, or by being named: pages need somebody else."""
    for words in ("--backup @ann", "@ann --backup @ann"):
        with pytest.raises(InvalidForm, match="somebody else than the owner"):
            await town.ask(ANN, "register-app", f"billing-bot {repository} {words}")
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository} --backup @bo")
    app = answer.card.app
    form = {"id": app.id, "name": app.name, "repository": str(repository)}
    for people in ({"backup": ANN}, {"backup": ANN, "owner": ANN}, {"backup": BO, "owner": BO}):
        with pytest.raises(InvalidForm, match="somebody else than the owner"):
            await town.ask(ANN, "register-app", **form, **people)
    assert [(one.role, one.person) for one in (await town.ask(CY, "apps", "billing-bot")).owners] == [
        (Role.OWNER, ANN),
        (Role.BACKUP, BO),
    ]
    await town.ask(BO, "decline-app", id=f"{app.id}:backup")
    with pytest.raises(InvalidForm, match="@ann has the other role"):
        await town.ask(BO, "name-somebody", id=f"{app.id}:backup", person=ANN)
    async with town.world.database.write() as transaction:
        await ask(transaction, town.world, app, Role.BACKUP, person=ANN, asked_by=CY)  # as an older version did
    with pytest.raises(Refused, match="You have the other role"):
        await town.ask(ANN, "accept-app", id=f"{app.id}:backup")
    await town.ask(ANN, "register-app", **form, owner=BO, backup=ANN)
    assert [(one.role, one.person) for one in (await town.ask(CY, "apps", "billing-bot")).owners] == [
        (Role.OWNER, BO),
        (Role.BACKUP, ANN),
    ]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://billing.example.com", True),
        ("http://intranet:3000/a?b=c#d", True),
        ("http://10.1.2.3/", True),
        ("https://my_service:65535/", True),
        ("https://[2001:db8::1]:8443/x", True),
        ("https://bücher.example/ä", True),
        ("https://x/|evil>", False),
        ("https://x/ y", False),
        ("https://x/<!channel>", False),
        ("https://x:99999999/", False),
        ("https://x:0/", False),
        ("https:///x", False),
        ("https://x y/", False),
        ("https://x(y)/", False),
        ("ftp://x/", False),
    ],
)
async def test_a_live_address_is_one_or_is_refused(
    town: Town, repository: Repository, address: str, good: bool
) -> None:
    """What would be a broken link on the card is said at its field."""
    form = {"name": "billing-bot", "repository": str(repository), "live_url": address}
    if good:
        assert (await town.ask(ANN, "register-app", **form)).card.app.live_url == address
    else:
        with pytest.raises(InvalidForm, match="Only http and https addresses"):
            await town.ask(ANN, "register-app", **form)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://localhost:3000/", "http://[::1]/", "http://169.254.169.254/"]
)
async def test_what_no_setting_opens_is_no_live_address(town: Town, repository: Repository, address: str) -> None:
    """The machine of the bot and the service of its cloud are never asked, so nothing is offered to be asked there."""
    with pytest.raises(InvalidForm, match="never probed"):
        await town.ask(ANN, "register-app", f"billing-bot {repository} --live-url {address}")


async def test_who_cannot_be_named_is_called_by_name(town: Town, repository: Repository) -> None:
    """A form holds ids; its faults name people as people do."""
    form = {"name": "billing-bot", "repository": str(repository), "owner": EVE}
    with pytest.raises(InvalidForm, match="@eve is a guest: name somebody else"):
        await town.ask(ANN, "register-app", **form)
