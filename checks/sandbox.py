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
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from functools import cache

from checks import landlock
from checks.process import started

_PROBE_S = 5  # bubblewrap starts in 18 ms
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


def worker_command(level: Level) -> list[str]:
    """Return the command that starts the worker at *level*."""
    python = [sys.executable, "-I", "-m", "checks.worker"]
    if level is Level.BUBBLEWRAP:
        return [*_bubblewrap(), *python]
    return [*python, "--landlock"] if level is Level.LANDLOCK else python


def worker(level: Level) -> AbstractAsyncContextManager[Process]:
    """Run a worker at *level*; it is gone when the context is left."""
    return started(worker_command(level), environment={})


def _bubblewrap() -> list[str]:
    program = [str(folder) for folder in landlock.program_folders()]
    binds = [word for path in (*program, *_LOADER) for word in ("--ro-bind-try", path, path)]
    return [
        shutil.which("bwrap") or "bwrap",
        *binds,
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
