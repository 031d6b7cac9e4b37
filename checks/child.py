"""
How every child that reads repository content begins: `python -I -m checks.child MODULE [--landlock]`.

First it gives itself limits and lets go of everything, then it loads MODULE as fast as that can be done, and runs its
`main(incoming, outgoing)`.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any, BinaryIO

from checks import landlock
from checks.late_patterns import late_patterns
from checks.plain_dataclasses import plain_dataclasses

MEMORY = 1024 * 1024 * 1024  # bytes of address space
CPU_S = 600  # a guard behind the parent's deadlines, which are shorter
_GARBAGE = 20_000  # new objects between two collections: syntax trees are many objects and no garbage


def main() -> None:
    """Be the child that the command line names."""
    outgoing = begin()
    gc.disable()
    with late_patterns(), plain_dataclasses():
        module = loaded(sys.argv[1])
    gc.enable()
    gc.set_threshold(_GARBAGE)
    gc.freeze()  # what is loaded is never garbage
    module.main(sys.stdin.buffer, outgoing)


def begin() -> BinaryIO:
    """Return where this process speaks to its parent; whatever else is printed in it goes nowhere."""
    limit()
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if "--landlock" in sys.argv:
        landlock.confine()
    return outgoing


def loaded(name: str) -> Any:
    """
    Return the module *name*, and whatever else it loads, without the HTTP client that detect-secrets asks for.

    It would verify secrets with it, which nothing here asks it to; a child has no network, and a quarter of all that
    it loads would be `requests` and what that needs.
    """
    sys.modules.setdefault("requests", _NoRequests("requests"))
    return importlib.import_module(name)


class _NoRequests(ModuleType):
    """In the place of `requests`: names that can be loaded, and none of them does anything."""

    class Response:
        """An answer that never comes."""

    class exceptions:  # noqa: N801 - as it is called there
        """Its exceptions, which nobody raises here."""

        class RequestException(Exception):  # noqa: N818 - as it is called there
            """The one that is caught."""


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


if __name__ == "__main__":
    main()
