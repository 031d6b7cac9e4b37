"""
Regular expressions of ours that are compiled when they are first used, in the children that read repositories.

The facts hold some 1,200 patterns, a fifth of a second of compiling, and one repository uses a part of them: nobody
waits for the JavaScript of a Python app. So while a child imports them `re.compile` and `re2.compile` give, to modules
of ours alone, a stand-in that becomes the pattern at its first use. Python has no lazy pattern of its own. Everywhere
else, and so in most tests, patterns are the real ones and a faulty one fails at import.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import re2

_OURS = "checks."
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class LatePattern:
    """A pattern that *made* gives when something of it is first asked for."""

    def __init__(self, made: Callable[[], Any]) -> None:
        self._made = made

    def __getattr__(self, name: str) -> Any:
        pattern = self._made()
        for method in _METHODS:
            setattr(self, method, getattr(pattern, method))  # the next call goes straight to the pattern
        self._made = lambda: pattern
        return getattr(pattern, name)


@contextmanager
def late_patterns() -> Iterator[None]:
    """Meanwhile, make the patterns of our modules late."""
    real: tuple[tuple[Any, Any], ...] = ((re, re.compile), (re2, re2.compile))
    try:
        for module, compile_ in real:
            module.compile = _late(compile_)
        yield
    finally:
        for module, compile_ in real:
            module.compile = compile_


def _late(compile_: Callable[..., Any]) -> Callable[..., Any]:
    def late(*given: Any, **named: Any) -> Any:
        ours = sys._getframe(1).f_globals.get("__name__", "").startswith(_OURS)  # noqa: SLF001 - who calls
        return LatePattern(partial(compile_, *given, **named)) if ours else compile_(*given, **named)

    return late
