"""Code to check: a code host on loopback with as many repositories as a figure needs, and a bot that may read it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.code_host import CodeHost, code_host
from tests.repositories import Commit, repository

#: The bot as its users start it, but for one thing that no setting allows: it may read code from this machine.
_CODE = """\
import os, sys
from dataclasses import replace
from pathlib import Path
from bot import house
from bot.__main__ import main
made = house.make_engine
host, certificate = os.environ["CODE_HOST"], Path(os.environ["CODE_CERTIFICATE"])
def here(settings):
    return replace(made(settings), hosts=(host,), ca_file=certificate, allow_cidrs=("127.0.0.0/8", "::1/128"))
house.make_engine = here
sys.exit(main())
"""
COMMAND = (sys.executable, "-I", "-c", _CODE, "run")


@asynccontextmanager
async def serving(folder: Path, repositories: int, files: int) -> AsyncIterator[CodeHost]:
    """Serve *repositories* alike of *files* files each, called app-0000 and so on as the seeded apps are."""
    tree = {f"part_{number}.py": _text(number) for number in range(files)}
    async with code_host(folder) as host:
        first = repository(host.folder / "app-0000", tree, history=[Commit("Begin", {"README.md": "# App\n"})])
        for number in range(1, repositories):
            (host.folder / f"app-{number:04}").symlink_to(first)
        yield host


def settings(host: CodeHost) -> dict[str, str]:
    """Return what COMMAND reads of *host*, and has apps checked only where somebody asks."""
    reaches = {"CODE_HOST": host.host, "CODE_CERTIFICATE": str(host.certificate)}
    return reaches | {"GROUNDCREW_LOOK_EVERY": "7d", "GROUNDCREW_CHECK_EVERY": "7d"}


def _text(number: int) -> str:
    """Return a module of ninety lines that no other file equals."""
    return "".join(f"def step_{line}(value):\n    return value + {number * line}\n\n\n" for line in range(1, 30))
