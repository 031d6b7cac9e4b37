"""
Starts the worker with as little as the machine lets it have, and says how much that is.

Bubblewrap where it works: no network, no environment, no file but the program itself, read-only. Else Landlock and
resource limits with an empty environment; else the limits and the empty environment alone. Whatever the level, the
worker is `python -I` with cwd /: a repository that holds packages of our names, checked from inside itself, must not be
imported.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from functools import cache
from pathlib import Path

from checks import confined, landlock
from checks.process import started

WORKER = "checks.worker"
_PROBE_S = 5  # bubblewrap starts in 18 ms
_GIVEN = "/given"  # where a folder lies within bubblewrap
_LOADER = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d")


class Level(StrEnum):
    """How the worker is held, strongest first."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"
    LIMITS = "limits"


@cache
def sandbox_level() -> Level:
    """Return what this machine can do; tried once a process, by starting `true`."""
    if shutil.which("bwrap") and _works([*_bubblewrap(), "true"]):
        return Level.BUBBLEWRAP
    return Level.LANDLOCK if landlock.version() else Level.LIMITS


def worker_command(level: Level, module: str = WORKER) -> list[str]:
    """Return the command that starts the worker, or another *module* of its kind, at *level*."""
    python = [sys.executable, "-I", "-m", "checks.child", module]
    if level is Level.BUBBLEWRAP:
        return [*_bubblewrap(), *python]
    return [*python, "--landlock"] if level is Level.LANDLOCK else python


def worker(level: Level, module: str = WORKER, stdin: int = PIPE) -> AbstractAsyncContextManager[Process]:
    """Run the worker, or another *module* of its kind, at *level*; it is gone when the context is left."""
    return started(worker_command(level, module), environment={}, stdin=stdin)


def program_command(level: Level, program: str, arguments: Sequence[str], folder: Path) -> list[str]:
    """
    Return the command that starts *program*, one of this environment's, at *level*; its last argument is the folder.

    It sees *folder*, read-only, beside what the worker sees.
    """
    python = [sys.executable, "-I", "-m", "checks.confined"]
    if level is Level.BUBBLEWRAP:
        return [*_bubblewrap(folder), *python, _GIVEN, program, *arguments, _GIVEN]
    landlocked = [confined.LANDLOCK] if level is Level.LANDLOCK else []
    return [*python, *landlocked, str(folder), program, *arguments, str(folder)]


def _bubblewrap(folder: Path | None = None) -> list[str]:
    program = [str(one) for one in landlock.program_folders()]
    given = ("--ro-bind", str(folder), _GIVEN) if folder else ()
    binds = [word for path in (*program, *_LOADER) for word in ("--ro-bind-try", path, path)]
    return [
        shutil.which("bwrap") or "bwrap",
        *binds,
        *given,
        *("--dev", "/dev", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"),
        *("--uid", "65534", "--gid", "65534", "--chdir", "/"),
        "--",
    ]


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, env={}, cwd="/", timeout=_PROBE_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
