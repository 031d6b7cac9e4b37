"""What every child that reads repository content does first: it gives itself limits, and lets go of everything."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from typing import BinaryIO

from checks import landlock

MEMORY = 1024 * 1024 * 1024  # bytes of address space
CPU_S = 600  # a guard behind the parent's deadlines, which are shorter


def begin() -> BinaryIO:
    """Return where this process speaks to its parent; whatever else is printed in it goes nowhere."""
    limit()
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if "--landlock" in sys.argv:
        landlock.confine()
    return outgoing


def limit() -> None:
    """Give this process an end: memory, processor time, no core dump, no file written."""
    for kind, figure in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(kind, (figure, figure))
