"""The history of the checked branch: how its commits came to be, counted in one pass by the parent. No addresses."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Given


@dataclass(frozen=True, slots=True)
class History:
    """
    What the commits reachable from the checked revision say.

    *complete* is False where a limit stopped the reading. *pull_requests* counts commits that carry a pull or merge
    request's mark (a merge of one, or "(#12)" in the subject), *reviewed* those with a "Reviewed-by:" line. *recent* is
    how many of the last commits of the branch itself (at most 100, no merged branch's) were looked at more closely, and
    *recent_marked* how many of them carry either. *authors* counts people, bots apart. *ai_marks* names the AI builders
    that signed commits.
    """

    complete: bool
    commits: int
    pull_requests: int
    reviewed: int
    recent: int
    recent_marked: int
    authors: int
    ai_marks: tuple[str, ...] = ()


source = Given(History, "history")
