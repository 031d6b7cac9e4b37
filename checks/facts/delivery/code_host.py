"""What only the code host's API knows of a repository: whether changes are reviewed, and whether CI really passed."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Question


@dataclass(frozen=True, slots=True)
class CodeHost:
    """
    The answers of the code host on the default branch and the checked revision; None is what it would not tell.

    *required_reviews* is how many approvals a change needs before it is merged (0: none). *branch_protected*: some rule
    holds on the branch. *recent* counts the newest changes of the branch, at most 20, and *approved* those among them
    that came by a pull request which another person approved.

    *ci_passed*: all that the host ran on the revision, or on the pull request that brought it, succeeded; None also
    where nothing ran. *ci_ran* counts what ran to its end, *ci_workflows* those of it that were the repository's own
    workflows, and *ci_failed* names what failed.

    *reviews_untold* and *ci_untold* say why the host did not tell, and what to do. *asked* is False where it was not
    asked at all.
    """

    required_reviews: int | None = None
    branch_protected: bool | None = None
    ci_passed: bool | None = None
    ci_ran: int | None = None
    ci_workflows: int | None = None
    ci_failed: tuple[str, ...] = ()
    recent: int | None = None
    approved: int | None = None
    reviews_untold: str = ""
    ci_untold: str = ""
    asked: bool = True


def ask() -> None:
    """Ask nothing in particular: the parent knows which repository and revision it is about."""


def join(answer: CodeHost) -> CodeHost:
    """Return *answer* as it is."""
    return answer


source = Question(fact=CodeHost, topic="code_host", needs=(), ask=ask, answer=CodeHost, join=join)
