"""
How fast Slack may be talked to: one message a second and channel, few edits, and nothing where it asked for a pause.

https://docs.slack.dev/apis/web-api/rate-limits: chat.postMessage takes about one message a second for each channel
(threads count as their channel), chat.update 50 a minute for the workspace and bursts besides; how many, only its 429
says, and then the edits go at that rate for a while. What is held back is replaced by what is newer meanwhile, so a
burst of edits becomes one.

Everything is counted by a clock that never jumps; storage/pauses.py keeps the pauses over a restart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from storage.model import Standing
from storage.outbox_queue import Turn

POST, EDIT = "chat.postMessage", "chat.update"
PACE_S = 1.0  # between two new messages of one lane
EDIT_PACE_S = 2.0  # between two edits of one message
_EDITS_A_SECOND, _EDITS_AT_ONCE = 20.0, 40.0
_FEW_EDITS_A_SECOND = 50 / 60
_FEW_FOR_S = 600.0  # after a 429
_SLACK_AT_ONCE = 24  # messages under way
_ROUTES_AT_ONCE = 24


@dataclass(slots=True)
class Pacing:
    """Whose turn it is by time; *ticks* gives seconds that never go back. A lane is a channel, a person, or a route."""

    ticks: Callable[[], float] = time.monotonic
    under_way: dict[str, bool] = field(default_factory=dict)  # lane -> whether it is a second route
    _pages: set[str] = field(default_factory=set)  # of which a step is under way
    _free_at: dict[str, float] = field(default_factory=dict)  # by lane, for new messages
    _edit_at: dict[Standing, float] = field(default_factory=dict)
    _pauses: dict[str, float] = field(default_factory=dict)  # by lane or method
    _none_before: float = 0.0
    _edits_left: float = _EDITS_AT_ONCE
    _few_until: float = 0.0
    _counted_at: float = 0.0

    def begin(self, pauses: Mapping[str, float]) -> None:
        """Begin where another sender may have ended this moment; *pauses* are those it left, in seconds by place."""
        now = self.ticks()
        self._none_before = now + PACE_S
        self._pauses |= {place: max(now + left, self._pauses.get(place, 0.0)) for place, left in pauses.items()}

    def pause(self, places: Iterable[str], seconds: float) -> None:
        """Have nothing go to *places*, lanes or methods, for *seconds*."""
        places, end = set(places), self.ticks() + seconds
        if EDIT in places:
            self._few_until, self._edits_left = end + _FEW_FOR_S, 1.0
        self._pauses |= {place: max(end, self._pauses.get(place, 0.0)) for place in places}

    def paused(self, *places: str) -> float:
        """Return for how many seconds more one of *places* is to be left alone."""
        now = self.ticks()
        return max(0.0, *(self._pauses.get(place, now) - now for place in places))

    @property
    def closed(self) -> set[str]:
        """The lanes to which nothing may go now."""
        return {place for place, end in self._pauses.items() if end > self.ticks()} | set(self.under_way)

    @property
    def paced(self) -> set[str]:
        """The lanes that had a message within the last second."""
        now = self.ticks()
        self._free_at = {lane: at for lane, at in self._free_at.items() if at > now}
        return set(self._free_at)

    @property
    def may_post(self) -> bool:
        """Whether a new message may go anywhere now."""
        return self.ticks() >= self._none_before and not self.paused(POST)

    @property
    def _edit_rate(self) -> float:
        return _EDITS_A_SECOND if self.ticks() >= self._few_until else _FEW_EDITS_A_SECOND

    @property
    def may_edit(self) -> bool:
        """Whether a message may be edited now."""
        now = self.ticks()
        left = self._edits_left + (now - self._counted_at) * self._edit_rate
        self._edits_left, self._counted_at = min(_EDITS_AT_ONCE, left), now
        return self._edits_left >= 1 and not self.paused(EDIT)

    def choose(self, turns: Iterable[Turn]) -> list[Turn]:
        """Return those of *turns* that may go now, one a lane; they are under way from now on."""
        now = self.ticks()
        self._edit_at = {stands: at for stands, at in self._edit_at.items() if at > now}
        chosen = []
        for turn in turns:
            is_route = bool(turn.route)
            busy = sum(1 for other in self.under_way.values() if other is is_route)
            if (
                turn.lane in self.under_way
                or _step_of(turn) in self._pages
                or busy >= (_ROUTES_AT_ONCE if is_route else _SLACK_AT_ONCE)
            ):
                continue
            if not is_route and turn.edits is not None:
                if turn.edits in self._edit_at or not self.may_edit:
                    continue
                self._edits_left -= 1
            self.under_way[turn.lane] = is_route
            self._pages |= {_step_of(turn)} - {""}
            chosen.append(turn)
        return chosen

    def let_go(self, turn: Turn) -> None:
        """Say that *turn* did not begin."""
        self._pages.discard(_step_of(turn))
        if not self.under_way.pop(turn.lane, True) and turn.edits is not None:
            self._edits_left += 1

    def done(self, turn: Turn) -> None:
        """Say that *turn* is over, however it ended: only now does the next second begin."""
        self._pages.discard(_step_of(turn))
        if not self.under_way.pop(turn.lane, True):
            now = self.ticks()
            if turn.edits is None:
                self._free_at[turn.lane] = now + PACE_S
            else:
                self._edit_at[turn.edits] = now + EDIT_PACE_S

    def next_s(self) -> float:
        """Return after how many seconds something may go that may not go now; infinity where nothing is held back."""
        now = self.ticks()
        self._pauses = {place: end for place, end in self._pauses.items() if end > now}
        next_edit = now if self.may_edit else now + (1 - self._edits_left) / self._edit_rate
        held_back = (*self._pauses.values(), *self._free_at.values(), *self._edit_at.values())
        ends = (*held_back, self._none_before, next_edit)
        return min((end - now for end in ends if end > now), default=float("inf"))


def _step_of(turn: Turn) -> str:
    """Return the page of which *turn* is a new step in Slack: they go one after another."""
    return "" if turn.route or turn.edits is not None or turn.page_id is None else turn.page_id
