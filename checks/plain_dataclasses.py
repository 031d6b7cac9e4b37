"""
Dataclasses of ours without what a child never uses, since making it is a quarter of the time that a child loads.

`dataclass` writes and compiles each method anew in every process. A child shows no object to anybody, so it needs no
`__repr__`; and that nobody assigns to a frozen object is proved by mypy and by the tests, which have the real classes.
Equality, hash and everything else stay. Objects without the guard are also made in half the time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_OURS = "checks."


@contextmanager
def plain_dataclasses() -> Iterator[None]:
    """Meanwhile, make the dataclasses of our modules plain."""
    real: Any = dataclasses.dataclass

    def plain(cls: type | None = None, /, **options: Any) -> Any:
        return real(cls) if cls is not None else lambda found: real(**_less(found, options))(found)

    module: Any = dataclasses
    module.dataclass = plain
    try:
        yield
    finally:
        module.dataclass = real


def _less(cls: type, options: dict[str, Any]) -> dict[str, Any]:
    if not cls.__module__.startswith(_OURS):
        return options
    less = {**options, "repr": False}
    if options.get("frozen") and options.get("eq", True) and "__hash__" not in cls.__dict__:
        less |= {"frozen": False, "unsafe_hash": True}  # the hash that a frozen class gets
    return less
