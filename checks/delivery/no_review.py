"""
Nobody reviews changes before they reach users.

What an AI builder wrote and nobody read goes out with whatever it invented. A second pair of eyes is the cheapest check
there is, and the only one that sees that the wrong thing was built well.

Reviews and branch protection cannot be seen in a clone. With a token, the code host is asked whether the default branch
needs an approval, and whether another person approved the last 20 changes: a rule that everybody steps around is none.
Where it does not show the rules, approvals of all those changes are a pass too. Without a token, a history of several
commits that carries next to no trace of a pull request or a review, and none among the newest, is a finding; one that
carries traces is not checked, never passed: a merge does not prove that somebody looked, and one that says nothing of a
pull request, as AI builders make by the hundred, is no trace at all.

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
from checks.facts.delivery.code_host import CodeHost
from checks.facts.delivery.history import History
from checks.model import Finding, Outcome, Placement, Severity

_FEW = 3  # commits; fewer are a first upload, which says nothing of how changes come in
_CONNECT = "reviews and CI cannot be seen in a clone: the code host was not asked"
_UNTOLD = "the code host does not tell how changes are reviewed"
_NOBODY = CodeHost(reviews_untold=_CONNECT, asked=False)

_RARE = 100  # one mark in so many commits is no habit
_LONE = History(True, 40, 0, 0, 40, 0, 1)
_MERGED = History(True, 40, 12, 0, 17, 12, 4)

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({}, given={"history": _LONE}, says="40 commits by one person"),
        Bad({}, given={"history": History(True, 9, 0, 0, 9, 0, 3)}, says="9 commits by 3 people"),
        Bad(
            {},
            given={"history": History(True, 1465, 0, 0, 100, 0, 0, ("Lovable",))},
            says="Lovable wrote some of them",
        ),
        Bad({}, given={"history": History(True, 700, 3, 0, 100, 0, 2)}, says="none among the last 100"),
        Bad({}, given={"history": _MERGED, "code_host": CodeHost(required_reviews=0)}, says="needs no approval"),
        Bad(
            {},
            given={"code_host": CodeHost(required_reviews=0, recent=20, approved=7)},
            says="7 of its last 20 changes were approved",
        ),
        Bad(
            {},
            given={"code_host": CodeHost(required_reviews=1, recent=20, approved=0)},
            says="none of the last 20 changes",
        ),
        Bad({}, given={"code_host": CodeHost(0, branch_protected=False)}, says="is not protected at all"),
        Bad({}, given={"code_host": CodeHost(recent=20, approved=0)}, says="none of the last 20 changes"),
        Bad({}, given={"code_host": CodeHost(required_reviews=0, recent=9, approved=9)}, says="does not require"),
        Good({}, given={"history": _LONE, "code_host": CodeHost(required_reviews=1, recent=20, approved=5)}),
        Good({}, given={"code_host": CodeHost(required_reviews=2, recent=1, approved=0)}),
        Good({}, given={"code_host": CodeHost(recent=20, approved=20)}),
        Good(
            {},
            given={"code_host": CodeHost(recent=20, approved=19, reviews_untold="give it Administration: read")},
            outcome=Outcome.NOT_CHECKED,
            says="Administration: read",
        ),
        Good({}, given={"code_host": CodeHost(required_reviews=1)}, outcome=Outcome.NOT_CHECKED, says="not tell"),
        Good({}, given={"history": _MERGED}, outcome=Outcome.NOT_CHECKED, says="the code host was not asked"),
        Good({}, given={"history": _MERGED, "code_host": CodeHost()}, outcome=Outcome.NOT_CHECKED),
        Good(  # a habit once, which the host may still have
            {}, given={"history": History(True, 3000, 86, 0, 100, 0, 84)}, outcome=Outcome.NOT_CHECKED
        ),
        Good({}, given={"history": History(False, 9, 0, 0, 9, 0, 3)}, outcome=Outcome.NOT_CHECKED),
        Good({}, given={"history": History(True, 1, 0, 0, 1, 0, 1)}, outcome=Outcome.NOT_CHECKED),
        Good({}, outcome=Outcome.NOT_CHECKED, says="no history"),
    ),
)


@check.detect
def detect(history: History | None, host: CodeHost | None) -> Iterator[Finding]:
    """Ask the code host whether changes are approved, or look in the history for any trace of a review."""
    host = host or _NOBODY
    said = _of_host(host)
    if said is not None:
        yield said
    if said is not None or _is_reviewed(host):
        return
    why = host.reviews_untold or _UNTOLD
    if host.required_reviews is not None or host.recent is not None:
        raise NotChecked(why)
    if history is None:
        raise NotChecked("there is no history to look at", why)
    marked = history.pull_requests + history.reviewed
    if history.recent_marked or marked * _RARE > history.commits or not history.complete or history.commits < _FEW:
        raise NotChecked(why)
    yield Finding(_of_history(history, marked), identity="no-review")


def _of_history(history: History, marked: int) -> str:
    """Return what a history without reviews is like, in a sentence."""
    people = "one person" if history.authors == 1 else f"{history.authors} people" if history.authors else "bots alone"
    trace = "and no trace of a pull request or a review"
    if marked:
        trace = f"{marked} of them with a trace of a pull request or a review, and none among the last {history.recent}"
    signed = f"; {' and '.join(history.ai_marks[:3])} wrote some of them" if history.ai_marks else ""
    return f"{history.commits} commits by {people}, {trace}{signed}"


def _of_host(host: CodeHost) -> Finding | None:
    """Return the fault that the code host's answers show."""
    recent, approved = host.recent or 0, host.approved or 0
    enough = recent >= _FEW
    if host.required_reviews == 0:
        if enough and approved == recent:
            said = f"the default branch does not require the approval that its last {recent} changes had"
            return Finding(said, identity="no-rule", blocking=False)
        also = f", and {approved} of its last {recent} changes were approved by another person" if enough else ""
        bare = "is not protected at all, so it " if host.branch_protected is False else ""
        return Finding(f"the default branch {bare}needs no approval before a merge{also}", identity="no-review")
    if enough and approved == 0:
        rule = "an approval is required, but " if host.required_reviews else ""
        said = f"{rule}none of the last {recent} changes to the default branch was approved by another person"
        return Finding(said, identity="no-review")
    return None


def _is_reviewed(host: CodeHost) -> bool:
    """Whether the code host's answers, which show no fault, are enough to say that changes are reviewed."""
    if host.recent is None:
        return False
    return bool(host.required_reviews) or _FEW <= host.recent == host.approved
