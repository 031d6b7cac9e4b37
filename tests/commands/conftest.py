"""The town in which the stories of the commands play, and small repositories to tell them of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.commands.repository import Repository
from tests.world import Town
from tests.world import town as a_town


@pytest_asyncio.fixture
async def town(tmp_path: Path, registry_url: str) -> AsyncIterator[Town]:
    """Give a town, on each engine."""
    async with a_town(tmp_path, url=registry_url) as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a git repository of a small app without a fault that can be seen in a clone."""
    return Repository(tmp_path / "billing")
