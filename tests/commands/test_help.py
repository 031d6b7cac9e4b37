"""Whoever asks a command for help gets its usage and an example."""

import pytest

from commands.command import Refused, all_commands
from commands.register_app import OPTIONS
from tests.world import ANN, Town

SLASHES = sorted(name for name, one in all_commands().items() if one.slash)


@pytest.mark.parametrize("order", SLASHES)
@pytest.mark.parametrize("text", ["help", "--help", "Help ?"])
async def test_every_command_tells_how_it_is_used(town: Town, order: str, text: str) -> None:
    """No command takes the word for an app; nothing that it takes is left out."""
    with pytest.raises(Refused, match=f"/{order}") as caught:
        await town.ask(ANN, order, text)
    assert caught.value.example.startswith(f"/{order} ")
    command = all_commands()[order]
    assert str(caught.value).splitlines() == [f"{command.usage}: {command.summary}", *command.more]


async def test_every_option_of_the_quick_form_is_named(town: Town) -> None:
    """Whoever asks learns of each option that is no word of its own, and how an app is changed or handed over."""
    with pytest.raises(Refused) as caught:
        await town.ask(ANN, "register-app", "help")
    named = {option for option in OPTIONS if f"--{option} " in str(caught.value)}
    assert set(OPTIONS) - named == {"repo", "owner"}
    assert "to hand it over" in str(caught.value)
