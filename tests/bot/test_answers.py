"""An answer is given however long the registry is away; one that cannot be given for another reason is given up."""

import pytest

from bot import answers
from bot.answers import Answers
from bot.incoming import Incoming
from commands.command import Request
from storage.errors import Unavailable
from tests.bot.slack_server import slack_server
from tests.world import CY, Town

ASKED = Incoming("slash:1", "slash", "apps", Request(CY), "T1")


@pytest.mark.parametrize(("fault", "tries"), [(Unavailable("the disk is full"), 100), (ValueError("a fault"), 4)])
async def test_an_answer_waits_for_the_registry(
    town: Town, monkeypatch: pytest.MonkeyPatch, fault: Exception, tries: int
) -> None:
    """It is tried as long as that takes: what was done is done, and its person has not heard of it."""
    monkeypatch.setattr(answers, "_PAUSES_S", (0.0, 0.0, 0.0))
    tried = 0

    async def say() -> None:
        nonlocal tried
        tried += 1
        if tried < 100:
            raise fault

    async with slack_server() as (_, slack):
        await Answers(town.world, slack).surely(ASKED, say)
    assert tried == tries
