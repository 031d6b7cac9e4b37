"""The short form of benchmarks/fuzz.py: spoiled examples are read to their end by every reader and check."""

from __future__ import annotations

import random

import pytest

from benchmarks.fuzz import examine, seeds, spoiled

SEEDS = seeds()


@pytest.mark.parametrize("number", range(40))
def test_spoiled_files_are_read_to_their_end(number: int) -> None:
    """No reader and no check raises on a spoiled repository, whatever it makes of it."""
    choice = random.Random(number)  # noqa: S311 - no secret is made
    for _ in range(3):
        examine(spoiled(choice.choice(SEEDS), SEEDS, choice))


def test_spoiling_spoils() -> None:
    """Most spoiled repositories differ from what they were made of, else nothing would be tested."""
    choice = random.Random(0)  # noqa: S311 - no secret is made
    assert sum(spoiled(files, SEEDS, choice) != files for files in SEEDS) > len(SEEDS) / 2
