"""What systemd hears: that the bot stands, lives and ends; elsewhere nothing is said."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest

from bot.supervisor import keep_telling


@pytest.mark.parametrize("is_abstract", [False, True])
async def test_the_bot_says_that_it_stands_lives_and_ends(tmp_path: Path, is_abstract: bool) -> None:
    """By datagrams to the socket that systemd names; the watchdog hears of it several times within its patience."""
    path = f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.bind(f"\0{path}" if is_abstract else path)
        there.setblocking(False)
        loop = asyncio.get_running_loop()
        given = {"NOTIFY_SOCKET": f"@{path}" if is_abstract else path, "WATCHDOG_USEC": "30000"}
        task = asyncio.create_task(keep_telling(given))
        heard = [await loop.sock_recv(there, 100) for _ in range(4)]
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        while heard[-1] == b"WATCHDOG=1":
            heard.append(await loop.sock_recv(there, 100))
    assert heard[0] == b"READY=1"
    assert set(heard[1:-1]) == {b"WATCHDOG=1"}
    assert heard[-1] == b"STOPPING=1"


async def test_without_systemd_nothing_runs(tmp_path: Path) -> None:
    """It ends at once; a socket that is gone ends nothing."""
    await keep_telling({})
    task = asyncio.create_task(keep_telling({"NOTIFY_SOCKET": f"{tmp_path}/gone"}))
    await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
