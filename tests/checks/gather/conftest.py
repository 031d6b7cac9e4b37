"""A code host on loopback and an engine that may ask it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from checks.engine import Engine, Limits
from tests.code_host import CodeHost, code_host


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[CodeHost]:
    """Give a running code host."""
    async with code_host(tmp_path) as running:
        yield running


@pytest.fixture
def engine(tmp_path: Path, host: CodeHost) -> Engine:
    """Give an engine whose only code host is *host*."""
    home = tmp_path / "home"
    home.mkdir()
    return Engine(
        home,
        hosts=(host.host,),
        ca_file=host.certificate,
        allow_cidrs=("127.0.0.0/8", "::1/128"),
        limits=Limits(answer_s=5, fetch_s=20),
    )
