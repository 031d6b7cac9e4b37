"""The history of the checked branch: how its commits came to be, counted in one pass by the parent. No addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.fact import Given


@dataclass(frozen=True, slots=True)
class History:
    """
    What the commits reachable from the checked revision say.

    *complete* is False where a limit stopped the reading. *pull_requests* counts commits that carry a pull or merge
    request's mark (a merge of one, or "(#12)" in the subject), *reviewed* those with a "Reviewed-by:" line, *direct*
    those that carry neither and are no part of a merged branch: the first-parent commits without a mark. *recent* are
    the same three over the last 100 first-parent commits. *authors* counts people, bots apart. *ai_marks* names the AI
    builders that signed commits.
    """

    complete: bool
    commits: int
    merges: int
    pull_requests: int
    reviewed: int
    direct: int
    recent_pull_requests: int
    recent_reviewed: int
    recent_direct: int
    authors: int
    ai_marks: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None


source = Given(History, "history")
