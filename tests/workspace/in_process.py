"""A workspace inside the test's own process, with a clock that can be pushed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp.test_utils import TestServer

from workspace.server import make_app
from workspace.state import Workspace


class PushedClock:
    """Unix seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now

    def push(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += seconds


@asynccontextmanager
async def served(folder: Path, clock: PushedClock, *, patience: float) -> AsyncIterator[Workspace]:
    """Serve a workspace whose envelopes wait *patience* seconds for their acknowledgement."""
    workspace = Workspace(folder, clock=clock, patience=patience)
    async with TestServer(make_app(workspace), host="127.0.0.1") as server:
        workspace.address = f"http://127.0.0.1:{server.port}"
        yield workspace
