"""
Sees that what a child loads is compiled: a child may write nothing, so it would compile hundreds of modules every time.

pip compiles what it installs; a checkout installed as editable, and an environment made by another installer, have what
this process itself has loaded and no more. PYTHONDONTWRITEBYTECODE does not keep it from that: it is said of what
Python writes by the way, and without it each check takes half a second longer.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib.util import cache_from_source
from pathlib import Path

from checks.process import started

_OWN = Path(__file__).parent
_WAIT_S = 20.0  # for the compiler at the end of a check, once; it needs two seconds


@asynccontextmanager
async def compiled(folder: Path = _OWN) -> AsyncIterator[None]:
    """Meanwhile, compile what in *folder* is not compiled, where that can be written."""
    compiling = asyncio.create_task(_compile(folder))
    try:
        yield
    except BaseException:
        compiling.cancel()
        raise
    finally:
        with suppress(asyncio.CancelledError):
            await compiling


async def _compile(folder: Path) -> None:
    if not await asyncio.to_thread(_is_stale, folder):
        return
    with suppress(OSError, TimeoutError):
        command = (sys.executable, "-I", "-m", "compileall", "-q", str(folder))
        async with asyncio.timeout(_WAIT_S), started(command, environment={}) as process:
            await process.wait()


def _is_stale(folder: Path) -> bool:
    """Whether a module in *folder* has no bytecode, or older one, where it can be written."""
    return any(_changed(one) > _changed(Path(cache_from_source(one))) for one in _sources(folder)) and os.access(
        folder, os.W_OK
    )


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = (name for name in folders if name != "__pycache__")
        yield from (Path(place, name) for name in files if name.endswith(".py"))


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
