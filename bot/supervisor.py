"""
What systemd is told, where it started us: that the bot stands, that its loop still turns, and that it is ending.

A loop that hangs tells nothing, and is ended and started again after WatchdogSec (deploy/groundcrew.service).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping

_OFTEN = 3  # times within the watchdog's patience
_NEVER_S = 3600.0


async def keep_telling(environment: Mapping[str, str]) -> None:
    """Say that the bot stands, and that it lives, until cancelled; nothing where *environment* names nobody to tell."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    patience_s = int(environment.get("WATCHDOG_USEC") or 0) / 1_000_000
    say(address, "READY=1")
    try:
        while True:
            say(address, "WATCHDOG=1")
            await asyncio.sleep(patience_s / _OFTEN if patience_s else _NEVER_S)
    finally:
        say(address, "STOPPING=1")


def say(address: str, what: str) -> None:
    """
    Send one line to the socket at *address*; nobody there is no reason to fail.

    https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html; an @ begins an abstract name.
    """
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as there:
        there.sendto(what.encode(), name)
