"""Starts the real local workspace for a test, in a process of its own on a free port.

Another folder's conftest.py takes it over with ``from tests.workspace_fixture import workspace``.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from tests.workspace_client import WorkspaceClient

BOT_TOKEN = "xoxb-local-workspace"
APP_TOKEN = "xapp-local-workspace"


@asynccontextmanager
async def running(state: Path, *options: str, port: int = 0) -> AsyncIterator[WorkspaceClient]:
    """Run ``python -I -m workspace`` with its messages in *state*, and stop it at the end."""
    line = [sys.executable, "-I", "-m", "workspace", "--state", str(state), "--port", str(port), *options]
    process = await asyncio.create_subprocess_exec(*line, cwd="/", stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        ready = (await process.stdout.readline()).decode().split()
        assert ready[:2] == ["workspace", "ready"], f"the workspace did not start: {ready}"
        async with WorkspaceClient(ready[2]) as client:
            yield client
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest_asyncio.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[WorkspaceClient]:
    """Give a client of a new workspace; ``workspace.address`` is where it answers."""
    async with running(tmp_path / "workspace") as client:
        yield client
