"""The Home tab says what can be typed, in plain examples, and how an app is changed."""

import json

from bot.views import home, said
from commands.command import all_commands
from commands.news import Said


def test_home_has_one_whole_example_of_each_command() -> None:
    """Nothing is cut, nothing has a grammar; all else is one word away, and every command takes that."""
    blocks = home.view(None, all_commands().values())["blocks"]
    shown = json.dumps(blocks, ensure_ascii=False)
    for one in all_commands().values():
        if one.slash:
            assert f"`{one.example}`" in shown
    assert "…" not in shown
    assert not [sign for sign in ("[NAME", "|", "--") if sign in shown]
    assert "`/register-app help`" in shown


def test_the_help_of_register_app_is_whole() -> None:
    """How an app is changed and handed over, and every option to its end."""
    command = all_commands()["register-app"]
    shown = json.dumps(said.view(Said(" ".join([command.summary, *command.more]))).blocks, ensure_ascii=False)
    assert "it opens that app's form: to change it, or to hand it over" in shown
    assert "--place sandbox|isolated|production" in shown
