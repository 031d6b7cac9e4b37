"""
Nobody reviews changes before they reach users.

What an AI builder wrote and nobody read goes out with whatever it invented. A second pair of eyes is the cheapest check
there is, and the only one that sees that the wrong thing was built well.

Reviews and branch protection cannot be seen in a clone. With a token, the code host is asked whether the default branch
needs an approval. Without one, a history of several commits that carries no trace of a pull request or a review is a
finding; one that carries traces is not checked, never passed: a merge does not prove that somebody looked.

## How to fix

Require one approval on the default branch. On GitHub: Settings, Rules, New branch ruleset, the default branch, "Require
a pull request before merging", one approval. Then bring every change, also an AI builder's, as a pull request.

## Fix prompt

From now on, never push to the default branch of this app. Make each change on a branch of its own and open a pull
request that says in three lines what changes, why, and how it was tried. Keep it under 300 changed lines. Wait for a
person's approval; do not merge it yourself.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.code_host import CodeHost
from checks.facts.history import History
from checks.model import Finding, Outcome, Placement, Severity

_FEW = 3  # commits; fewer are a first upload, which says nothing of how changes come in
_CONNECT = "reviews cannot be seen in a clone; connect GROUNDCREW_GITHUB_TOKEN so that the code host can be asked"

_LONE = History(True, 40, 0, 0, 0, 40, 0, 0, 40, 1)
_MERGED = History(True, 40, 12, 12, 0, 5, 12, 0, 5, 4)

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({}, given={"history": _LONE}, says="40 commits by one person"),
        Bad({}, given={"history": History(True, 9, 0, 0, 0, 9, 0, 0, 9, 3)}, says="9 commits by 3 people"),
        Bad({}, given={"history": _MERGED, "code_host": CodeHost(required_reviews=0)}, says="needs no approval"),
        Good({}, given={"history": _LONE, "code_host": CodeHost(required_reviews=1)}),
        Good({}, given={"code_host": CodeHost(required_reviews=2)}),
        Good({}, given={"history": _MERGED}, outcome=Outcome.NOT_CHECKED, says="GROUNDCREW_GITHUB_TOKEN"),
        Good({}, given={"history": _MERGED, "code_host": CodeHost()}, outcome=Outcome.NOT_CHECKED),
        Good({}, given={"history": History(False, 9, 0, 0, 0, 9, 0, 0, 9, 3)}, outcome=Outcome.NOT_CHECKED),
        Good({}, given={"history": History(True, 1, 0, 0, 0, 1, 0, 0, 1, 1)}, outcome=Outcome.NOT_CHECKED),
        Good({}, outcome=Outcome.NOT_CHECKED, says="no history"),
    ),
)


@check.detect
def detect(history: History | None, host: CodeHost | None) -> Iterator[Finding]:
    """Ask the code host whether changes need an approval, or look in the history for any trace of a review."""
    if host is not None and host.required_reviews is not None:
        if host.required_reviews == 0:
            yield Finding("the default branch needs no approval before a merge", identity="no-review")
        return
    if history is None:
        raise NotChecked(f"there is no history to look at; {_CONNECT}")
    if history.pull_requests or history.reviewed or history.merges or not history.complete or history.commits < _FEW:
        raise NotChecked(_CONNECT)
    people = "one person" if history.authors <= 1 else f"{history.authors} people"
    said = f"{history.commits} commits by {people}, and no trace of a pull request or a review"
    yield Finding(said, identity="no-review")
