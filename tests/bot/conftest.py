"""What the tests of the bot share: a town, a repository, a workspace, a Slack with faults and its sender."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from bot import look
from bot.redact import Redactor
from bot.sender import Sender
from bot.slack import Slack
from tests.bot.faulty_slack import FaultySlack
from tests.bot.sending import sender_of, ticks
from tests.commands.repository import Repository
from tests.workspace_fixture import workspace
from tests.world import Town
from tests.world import town as a_town

__all__ = ["workspace"]


@pytest.fixture(autouse=True)
def no_pause_between_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twice at once: no message of a test is held up on its way."""
    monkeypatch.setattr(look, "_AGAIN_S", 0.0)


@pytest_asyncio.fixture
async def town(tmp_path: Path, registry_url: str) -> AsyncIterator[Town]:
    """Give a town, on each engine."""
    async with a_town(tmp_path, url=registry_url) as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a git repository of a small app."""
    return Repository(tmp_path / "billing")


@pytest.fixture
def slack(town: Town) -> FaultySlack:
    """Give a Slack in the town's time."""
    return FaultySlack(ticks(town), Random(1))  # noqa: S311 - a story


@pytest.fixture
def sender(town: Town, slack: FaultySlack) -> Sender:
    """Give a sender that talks to it."""
    return sender_of(town, Slack(slack.client(), Redactor()))
