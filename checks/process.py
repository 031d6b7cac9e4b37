"""Child processes that never outlive their use: each in a session of its own, limited, and ended as a whole group."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import subprocess
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache


@asynccontextmanager
async def started(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    limits: Mapping[int, int] | None = None,
    errors: bool = False,
    stdin: int = PIPE,
    stdout: int = PIPE,
) -> AsyncIterator[Process]:
    """
    Run *command* with cwd / and exactly *environment*; on leaving, kill whatever of its group is left.

    stdin and stdout are pipes to us, or the descriptors named; stderr is a pipe only where *errors* is set. *limits*
    are resource.RLIMIT_* -> figure, set from outside just after the start (Linux only): a function run between fork and
    exec is not safe beside threads.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=stdin,
        stdout=stdout,
        stderr=PIPE if errors else DEVNULL,
        env=dict(environment),
        cwd="/",
        start_new_session=True,
    )
    try:
        for kind, figure in (limits or {}).items():
            limit(process.pid, kind, figure)
        yield process
    finally:
        ending = asyncio.ensure_future(_ended(process))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending  # it is soon over, and a loop that ends before would leave the pipes open
            raise


@cache
def dying_with_us() -> tuple[str, ...]:
    """
    Return what before a command lets the kernel end it when this process ends, however that is; () where nothing can.

    setpriv of util-linux; tried once, since Busybox has one that knows no --pdeathsig.
    """
    program = shutil.which("setpriv")
    if program is None:
        return ()
    prefix = (program, "--pdeathsig", "KILL", "--")
    try:
        done = subprocess.run([*prefix, program, "--version"], check=False, capture_output=True, env={}, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return prefix if done.returncode == 0 else ()


def limit(pid: int, kind: int, figure: int) -> None:
    """Set a resource limit of the process *pid*, where the system can and the process still lives."""
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError, ValueError, PermissionError):
            resource.prlimit(pid, kind, (figure, figure))


async def _ended(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    # Both pipes are read to their end: a transport that never saw it is reported as unclosed.
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            while await stream.read(1 << 16):
                pass
    await process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            await process.stdin.wait_closed()
