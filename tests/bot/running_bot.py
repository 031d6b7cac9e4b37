"""A bot in this process, heard and answered by the real local workspace over its Socket Mode."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import Bot, Connection, standing
from bot.at_work import at_work
from bot.redact import Redactor
from bot.settings import Settings
from bot.settings_load import load
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import APP_TOKEN, BOT_TOKEN


def settings(home: Path, **more: str) -> Settings:
    """The settings of a bot at *home*."""
    home.mkdir(mode=0o700, exist_ok=True)
    quiet = dict.fromkeys(("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY"), "off")
    folders = str(home.parent)  # where tests make their repositories
    return load({"GROUNDCREW_HOME": str(home), "GROUNDCREW_LOCAL_FOLDERS": folders, **quiet, **more})


@asynccontextmanager
async def running_bot(home: Path, workspace: WorkspaceClient, **more: str) -> AsyncIterator[Bot]:
    """Run a bot at *home* with settings *more*, as `groundcrew run` does, until the context is left."""
    connection = Connection(f"{workspace.address}/api/", BOT_TOKEN, APP_TOKEN, "#reliability", is_local=True)
    async with standing(settings(home, **more), connection, Redactor()) as bot, at_work(bot):
        yield bot
