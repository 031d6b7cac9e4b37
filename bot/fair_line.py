"""
The line of orders that wait for their turn: pages first, then what somebody waits for, then the rest.

In each of the three it is one order a person, going round: whoever types a thousand commands, or whose script is stuck,
waits for themselves. Nor may orders that hang take all places: neither one person's, nor those of one line. The line
lasts as long as the process; what another process left is taken oldest first (storage/inbox.py).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bot.incoming import Incoming

#: Orders for which somebody is woken, or that say somebody is up. They wait for no other order.
PAGES = frozenset({"page-owner", "acknowledge-page", "resolve-page", "still-on-it"})
AT_ONCE = 32  # orders under way
_NO_PAGES = 28  # of them that are no pages
_ONE_LINE = 24  # of them in one of the other two lines
_SHARE, _SHARE_WITH_PAGES = 16, 24  # of them that are one person's

Show = Callable[[Any], Awaitable[None]]


class Rank(IntEnum):
    """Which line an order waits in."""

    PAGE = 0
    AWAITED = 1
    REST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """An order that waits since the loop's time *since*; *show* takes its news. It *is_left* where a process ended."""

    incoming: Incoming
    since: float
    show: Show | None = None
    is_left: bool = False

    @property
    def rank(self) -> Rank:
        """Which line it waits in."""
        if self.incoming.order in PAGES:
            return Rank.PAGE
        return Rank.AWAITED if self.incoming.is_of_person and not self.is_left else Rank.REST


@dataclass(slots=True)
class FairLine:
    """What waits, by rank and person, and what is under way."""

    _lines: dict[Rank, dict[str, deque[Turn]]] = field(default_factory=lambda: {rank: {} for rank in Rank})
    _under_way: set[Turn] = field(default_factory=set)
    _of_line: Counter[Rank] = field(default_factory=Counter)  # how many are under way
    _of_person: Counter[str] = field(default_factory=Counter)

    def add(self, turn: Turn) -> None:
        """Have *turn* wait."""
        self._lines[turn.rank].setdefault(turn.incoming.request.person, deque()).append(turn)

    def take(self) -> Turn | None:
        """Return what is next, which is under way until it is `left`; None where nothing may begin now."""
        for rank, line in self._lines.items():
            most = self._most_of_one(rank) if line else 0
            person = next((one for one in line if self._of_person[one] < most), None) if most else None
            if person is not None:
                waiting = line.pop(person)
                turn = waiting.popleft()
                if waiting:
                    line[person] = waiting  # now the last
                self._under_way.add(turn)
                self._of_line[rank] += 1
                self._of_person[person] += 1
                return turn
        return None

    def left(self, turn: Turn) -> None:
        """Note that *turn* is under way no more, if it was."""
        if turn not in self._under_way:
            return
        person = turn.incoming.request.person
        self._under_way.remove(turn)
        self._of_line[turn.rank] -= 1
        self._of_person[person] -= 1
        if not self._of_person[person]:
            del self._of_person[person]

    def clear(self) -> None:
        """Forget what waits."""
        for line in self._lines.values():
            line.clear()

    def _most_of_one(self, rank: Rank) -> int:
        """Return how many orders one person may have under way where one more of *rank* may begin; else 0."""
        if len(self._under_way) >= AT_ONCE:
            return 0
        if rank is Rank.PAGE:
            return _SHARE_WITH_PAGES
        no_pages = len(self._under_way) - self._of_line[Rank.PAGE]
        return _SHARE if no_pages < _NO_PAGES and self._of_line[rank] < _ONE_LINE else 0
