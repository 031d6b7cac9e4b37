"""How an app gets to each package of a lock: the shortest chain from what it asks for, and whether users meet it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.facts.packages.packages import Locked, Root

#: Names in a chain; real ones are shorter.
LONGEST = 12


@dataclass(frozen=True, slots=True)
class Reach:
    """How one entry is reached: *via* the names before it, outermost first (empty: asked for directly); *dev* only."""

    via: tuple[str, ...]
    dev: bool


def reach(locked: tuple[Locked, ...], roots: Iterable[Root]) -> Mapping[int, Reach]:
    """
    Return {position: how it is reached} for all that *roots* lead to, by breadth first: runtime before development.

    What is reached both ways counts as runtime. Entries that nothing leads to are left out.
    """
    reached: dict[int, Reach] = {}
    roots = tuple(roots)
    for dev in (False, True):
        waiting: deque[int] = deque()
        for root in roots:
            if root.dev is dev and root.index not in reached:
                reached[root.index] = Reach((), dev)
                waiting.append(root.index)
        while waiting:
            index = waiting.popleft()
            here = reached[index]
            for need in locked[index].needs:
                if need not in reached:
                    reached[need] = Reach(_longer(here.via, locked[index].name), dev)
                    waiting.append(need)
    return reached


def _longer(via: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return *via* with *name* behind; beyond LONGEST the middle goes, or a chain of all packages would fill memory."""
    if len(via) < LONGEST:
        return (*via, name)
    return (*via[: LONGEST // 2], "…", *via[LONGEST // 2 + 2 :], name)
