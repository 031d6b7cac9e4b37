"""
The line of orders that wait for their turn: pages first, then what somebody waits for, then the rest.

In each of the three it is one order a person, going round: whoever types a thousand commands, or whose script is stuck,
waits for themselves. Nor may orders that hang take all places: neither one person's, nor those of one line. The line
lasts as long as the process; what another process left is taken oldest first (storage/inbox.py).
"""

from __future__ import annotations

from collections import deque
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

    def add(self, turn: Turn) -> None:
        """Have *turn* wait."""
        self._lines[turn.rank].setdefault(turn.incoming.request.person, deque()).append(turn)

    def take(self) -> Turn | None:
        """Return what is next, which is under way until it is `left`; None where nothing may begin now."""
        for rank, line in self._lines.items():
            person = next((one for one in line if self._may_begin(rank, one)), None)
            if person is not None:
                waiting = line.pop(person)
                turn = waiting.popleft()
                if waiting:
                    line[person] = waiting  # now the last
                self._under_way.add(turn)
                return turn
        return None

    def left(self, turn: Turn) -> None:
        """Note that *turn* is under way no more."""
        self._under_way.discard(turn)

    def clear(self) -> None:
        """Forget what waits."""
        for line in self._lines.values():
            line.clear()

    def _may_begin(self, rank: Rank, person: str) -> bool:
        own = sum(one.incoming.request.person == person for one in self._under_way)
        if rank is Rank.PAGE:
            return len(self._under_way) < AT_ONCE and own < _SHARE_WITH_PAGES
        others = [one.rank for one in self._under_way if one.rank is not Rank.PAGE]
        has_room = len(self._under_way) < AT_ONCE and len(others) < _NO_PAGES and others.count(rank) < _ONE_LINE
        return has_room and own < _SHARE
