"""
One bare single-branch mirror a repository, under the home: made in a temporary folder, renamed, then fetched into.

Fetching only adds, so readers need no lock against it; only making a mirror anew, and throwing an old one away, wait
until nobody reads.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from checks.engine import Engine
from checks.gather.address import Address
from checks.gather.git import Unreadable, git, output
from checks.gather.remote import Head, Line, asking, failure, line_to, ls_remote

_PACKS = 50  # each fetch adds one; above this the mirror is made anew, which is cheaper than keeping it tidy
_UNUSED_S = 30 * 86_400
_WAIT_S = 0.1  # between two looks at a lock


@asynccontextmanager
async def mirrored(address: Address, engine: Engine, *, with_token: bool) -> AsyncIterator[tuple[Path, str]]:
    """
    Bring the repository at *address* here; give its bare mirror and the commit its default branch is at.

    Raises Unreadable with a sentence.
    """
    head = await ls_remote(address, engine, with_token=with_token)
    folder = engine.home / "mirrors"
    folder.mkdir(mode=0o700, exist_ok=True)
    mirror = folder / hashlib.sha256(address.url.encode()).hexdigest()
    with _throwing_away(folder, mirror), _lock_file(mirror, "reading") as reading:
        with _lock_file(mirror, "fetching") as fetching:
            await _lock(fetching, fcntl.LOCK_EX)
            if _is_worn(mirror) and _locked(reading, fcntl.LOCK_EX):
                shutil.rmtree(mirror)
            await _lock(reading, fcntl.LOCK_SH)
            if not await _holds(mirror, head.revision):
                line = await line_to(address, engine, with_token=with_token)
                await _bring(address, engine, head, mirror, line)
        os.utime(mirror)
        yield mirror, head.revision


async def _bring(address: Address, engine: Engine, head: Head, mirror: Path, line: Line) -> None:
    with _whole(mirror) as folder:
        if folder != mirror:
            async with git("init", "--quiet", "--bare", "--template=", str(folder)) as running:
                await running.process.wait()
        await _fetch(address, engine, head, folder, line)
    if not await _holds(mirror, head.revision):
        raise Unreadable("The repository changed while it was read; try again.")


@contextmanager
def _whole(mirror: Path) -> Iterator[Path]:
    """Give *mirror*, or where it is not there a folder that becomes it at the end, if all went well."""
    if mirror.exists():
        yield mirror
        return
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=mirror.parent))
    try:
        yield fresh
        fresh.rename(mirror)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


async def _fetch(address: Address, engine: Engine, head: Head, folder: Path, line: Line) -> None:
    limits = engine.limits
    # Slower than the line's 10 s: a host may think longer than that before it sends a large pack.
    options = (*line.options, "http.lowSpeedTime=60", "fetch.unpackLimit=1")
    patient = Line(options, line.environment)
    branch = f"+refs/heads/{head.branch}:refs/heads/{head.branch}"
    command = (
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        "--",
        address.url,
        branch,
    )
    try:
        async with (
            asyncio.timeout(limits.fetch_s),
            asking(*command, line=patient, folder=folder, largest_file=limits.transfer) as running,
        ):
            if await running.process.wait() != 0:
                raise await failure(running, address)
    except TimeoutError:
        raise Unreadable(f"Repository could not be fetched within {limits.fetch_s:.0f} s. Not checked.") from None


async def _holds(mirror: Path, revision: str) -> bool:
    """Whether *revision* is in *mirror*; not where there is no mirror."""
    return await output("cat-file", "-e", f"{revision}^{{commit}}", folder=mirror) is not None


def _is_worn(mirror: Path) -> bool:
    return len(list(mirror.glob("objects/pack/*.pack"))) > _PACKS


@contextmanager
def _lock_file(mirror: Path, kind: str) -> Iterator[int]:
    fd = os.open(f"{mirror}.{kind}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield fd
    finally:
        os.close(fd)


async def _lock(fd: int, how: int) -> None:
    while not _locked(fd, how):  # noqa: ASYNC110 - another process holds it, and no event tells when it lets go
        await asyncio.sleep(_WAIT_S)


def _locked(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _throwing_away(folder: Path, but: Path) -> Iterator[None]:
    """Afterwards remove the mirrors that nobody asked for in a month, and what a killed process left half made."""
    yield
    for path in folder.iterdir():
        if not path.is_dir() or path == but or time.time() - path.stat().st_mtime < _UNUSED_S:
            continue
        with _lock_file(path, "reading") as reading:
            if _locked(reading, fcntl.LOCK_EX):
                shutil.rmtree(path, ignore_errors=True)
