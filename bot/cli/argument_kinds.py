"""The kinds of words that arguments of the command line take, each with its sentence for a wrong one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


def one_of(kind: type[Word]) -> Callable[[str], Word]:
    """Return what reads a word of *kind*; argparse by itself would answer with the name of the class."""

    def read(text: str) -> Word:
        try:
            return kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(kind)}") from None

    return read


def seconds(most: int) -> Callable[[str], float]:
    """Return what reads a number of seconds, 0 to *most*."""

    def read(text: str) -> float:
        try:
            given = float(text)
        except ValueError:
            given = -1.0
        if not 0 <= given <= most:  # also for what is not a number at all
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {most}")
        return given

    return read
