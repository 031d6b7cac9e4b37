"""
The line of orders that wait for their turn: pages before all else, then one order a person, going round.

So whoever types a thousand commands, or whose script is stuck, waits for themselves: others come in between. It lasts
as long as the process; what another process left is taken oldest first (storage/inbox.py).
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from bot.incoming import Incoming

#: Orders for which somebody is woken, or that say somebody is up. They wait for no other order.
PAGES = frozenset({"page-owner", "acknowledge-page", "resolve-page", "still-on-it"})
_SHARE = 24  # of the orders that run together, for one person: a few places are always left for others

_Line = dict[str, deque[tuple[Incoming, float]]]


@dataclass(slots=True)
class FairLine:
    """What waits, with when it came in, and how many orders of each person are under way."""

    _pages: _Line = field(default_factory=dict)
    _others: _Line = field(default_factory=dict)
    _under_way: Counter[str] = field(default_factory=Counter)

    def add(self, incoming: Incoming, since: float) -> None:
        """Have *incoming* wait, which came in at *since*."""
        line = self._pages if incoming.order in PAGES else self._others
        line.setdefault(incoming.request.person, deque()).append((incoming, since))

    def take(self) -> tuple[Incoming, float] | None:
        """Return what is next, which is under way until it is `left`; None where nothing may begin now."""
        person, line = next(iter(self._pages), None), self._pages
        if person is None:
            line = self._others
            person = next((one for one in line if self._under_way[one] < _SHARE), None)
        if person is None:
            return None
        waiting = line.pop(person)
        taken = waiting.popleft()
        if waiting:
            line[person] = waiting  # now the last
        self._under_way[person] += 1
        return taken

    def left(self, incoming: Incoming) -> None:
        """Note that *incoming* is under way no more."""
        person = incoming.request.person
        self._under_way[person] -= 1
        if self._under_way[person] <= 0:
            del self._under_way[person]

    def clear(self) -> None:
        """Forget what waits."""
        self._pages.clear()
        self._others.clear()
