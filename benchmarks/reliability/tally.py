"""Compares what arrived in the stand-in Slack with what the registry promised: lost, doubled, out of order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.reliability.registry import PromisedPage, SeededApp
from benchmarks.reliability.slack import Arrival

#: What is wrong in a page of a campaign: no two are alike, and none is part of another.
MARK = re.compile(r"trouble-\d{6}")
_SAME_S = 0.95  # a second between two messages, less what the way there may take


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted; lists hold the marks of the pages concerned."""

    accepted: int
    pages: int
    steps: int
    lost: list[str] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)  # acknowledged to whoever typed it, and nowhere
    made_twice: list[str] = field(default_factory=list)  # two pages of one command
    doubled: list[str] = field(default_factory=list)
    doubled_others: int = 0  # messages other than a page's steps whose token stands twice
    disordered: list[str] = field(default_factory=list)
    repeats: int = 0  # said again, and marked as such
    fast: int = 0  # messages within the same second in one channel

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled or out of order."""
        return not (
            self.lost or self.unmade or self.made_twice or self.doubled or self.doubled_others or self.disordered
        )

    def told(self) -> str:
        """Say it in one line."""
        lost = len(self.lost) + len(self.unmade)
        doubled = len({*self.doubled, *self.made_twice}) + self.doubled_others
        return (
            f"{self.accepted:,} pages acknowledged, {self.steps:,} steps told: {lost} lost, {doubled} doubled, "
            f"{len(self.disordered)} out of order"
        )


def tally(
    accepted: Mapping[str, SeededApp],
    pages: Sequence[PromisedPage],
    messages: Sequence[Arrival],
    *,
    readable: bool = True,
) -> Tally:
    """
    Compare the *messages* that stand with the *pages* of the registry; *accepted* are the acknowledged marks.

    Where no history is *readable*, nobody can know what stands: what is said again then, and marked so, is not doubled.

    A step that is told again on purpose (the last one of a chain) may stand as often as it was told. A step that was
    withdrawn, since somebody answered meanwhile, is not lost.
    """
    stands: dict[str, Counter[str]] = defaultdict(Counter)
    unmarked: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, dict[str, float]] = defaultdict(dict)
    repeats = 0
    for one in messages:
        for mark in set(MARK.findall(one.text)):
            repeats += "(repeat)" in one.text
            stands[mark][one.channel] += 1
            unmarked[mark][one.channel] += readable or "(repeat)" not in one.text
            first[mark].setdefault(one.channel, one.at)
    made = Counter(mark for page in pages for mark in MARK.findall(page.what))
    by_mark = {mark: page for page in pages for mark in MARK.findall(page.what)}
    lost = [mark for mark, page in by_mark.items() if page.state == "triggered" and _missing(page, stands[mark])]
    lost += [mark for mark, page in by_mark.items() if page.state != "triggered" and not stands[mark]]
    doubled = [mark for mark, page in by_mark.items() if _too_many(page, unmarked[mark])]
    orders = {mark: [first[mark][at] for at in app.chain if at in first[mark]] for mark, app in accepted.items()}
    return Tally(
        len(accepted),
        len(pages),
        sum(sum(page.told.values()) for page in pages),
        lost,
        [mark for mark in accepted if mark not in by_mark],
        [mark for mark, number in made.items() if number > 1],
        doubled,
        _doubled_tokens([one for one in messages if readable or "(repeat)" not in one.text]),
        [mark for mark, times in orders.items() if times != sorted(times)],
        repeats,
        _too_fast(messages),
    )


def _missing(page: PromisedPage, stands: Counter[str]) -> bool:
    return not page.told or any(not stands[place] for place in page.told)


def _too_many(page: PromisedPage, stands: Counter[str]) -> bool:
    return any(stands[place] > number + page.failed.get(place, 0) for place, number in page.told.items())


def _doubled_tokens(messages: Iterable[Arrival]) -> int:
    """Count messages with an id that another one has already; a page's own are among `doubled`."""
    tokens = Counter(one.token for one in messages if one.token and not (one.page or MARK.search(one.text)))
    return sum(number - 1 for number in tokens.values())


def _too_fast(messages: Iterable[Arrival]) -> int:
    last: dict[str, float] = {}
    fast = 0
    for one in messages:
        fast += one.at - last.get(one.channel, -1.0) < _SAME_S
        last[one.channel] = one.at
    return fast
