"""Code to check: a code host on loopback with as many repositories as a figure needs, and the settings to reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.code_host import CodeHost, code_host
from tests.repositories import Commit, repository


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
    """Return what lets a bot read from *host*."""
    return {
        "GROUNDCREW_CODE_HOSTS": host.host,
        "GROUNDCREW_GIT_CA_FILE": str(host.certificate),
        "GROUNDCREW_GIT_ALLOW_CIDRS": "127.0.0.0/8,::1/128",
        "GROUNDCREW_LOOK_EVERY": "7d",
        "GROUNDCREW_CHECK_EVERY": "7d",
    }


def _text(number: int) -> str:
    """Return a module of ninety lines that no other file equals."""
    return "".join(f"def step_{line}(value):\n    return value + {number * line}\n\n\n" for line in range(1, 30))
