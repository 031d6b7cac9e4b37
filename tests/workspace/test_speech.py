"""How what people type reaches the bot."""

import pytest

from workspace.speech import command_text

TYPED = {
    "@ann": "<@U0ANN|ann>",
    "@Ann, and @BO.": "<@U0ANN|ann>, and <@U0BO|bo>.",
    "notes #apps": "notes <#C0APPS|apps>",
    "@platform-team": "<!subteam^S0PLATFORM|@platform-team>",
    "@here": "<!here|@here>",
    "@nobody #nowhere": "@nobody #nowhere",
    "ann@example.test": "ann@example.test",
    "https://github.com/ann/notes#apps": "https://github.com/ann/notes#apps",
    "https://github.com/@ann/notes": "https://github.com/@ann/notes",
    "<https://github.com/ann/notes>": "<https://github.com/ann/notes>",
    "a < b & c > d": "a &lt; b &amp; c &gt; d",
    "<@U0ANN>": "&lt;@U0ANN&gt;",
}


@pytest.mark.parametrize("typed", TYPED)
def test_names_become_ids(typed: str) -> None:
    """People, groups and channels are escaped as should_escape does, and everything else stays as typed."""
    assert command_text(typed) == TYPED[typed]
