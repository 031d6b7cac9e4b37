"""A push has its app looked at now; what is checked is what the repository itself says."""

import pytest

from commands.command import CLOCK, Refused
from commands.news import Regressed
from tests.commands.repository import OPEN_ROUTE, Repository
from tests.world import ANN, Town


async def test_a_push_shortens_the_wait(town: Town, repository: Repository) -> None:
    """What changed is found at the next tick rather than at the app's turn; told again, it is found once."""
    await town.ask(ANN, "register-app", f"billing {repository}")
    await town.tick()
    repository.commit("app.py", OPEN_ROUTE)
    await town.push(seconds=1)
    assert town.said(Regressed) == []
    for _ in range(2):
        await town.ask(CLOCK, "note-push", repository=str(repository))
        await town.tick()
        assert len(town.said(Regressed)) == 1


async def test_nobody_else_says_that_something_was_pushed(town: Town) -> None:
    """The order is the listener's."""
    with pytest.raises(Refused):
        await town.ask(ANN, "note-push", repository="https://github.com/acme/billing")
