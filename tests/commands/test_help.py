"""Whoever asks a command for help gets its usage and an example."""

import pytest

from commands.command import Refused, all_commands
from tests.world import ANN, Town

SLASHES = sorted(name for name, one in all_commands().items() if one.slash)


@pytest.mark.parametrize("order", SLASHES)
@pytest.mark.parametrize("text", ["help", "--help", "Help ?"])
async def test_every_command_tells_how_it_is_used(town: Town, order: str, text: str) -> None:
    """No command takes the word for an app."""
    with pytest.raises(Refused, match=f"/{order}") as caught:
        await town.ask(ANN, order, text)
    assert caught.value.example.startswith(f"/{order} ")
