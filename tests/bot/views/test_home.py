"""The Home tab says what can be typed, and how an app is changed."""

import json

from bot.views import home
from commands.command import all_commands


def test_home_says_how_an_app_is_changed_and_handed_over() -> None:
    """Nobody has to know beforehand that a name alone opens the form, nor which options there are."""
    shown = json.dumps(home.view(None, all_commands().values()))
    assert "it opens that app's form: to change it, or to hand it over" in shown
    assert "--backup @name" in shown
