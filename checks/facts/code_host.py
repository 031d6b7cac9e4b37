"""What only the code host's API knows of a repository: whether changes need a review, and whether CI really passed."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Given


@dataclass(frozen=True, slots=True)
class CodeHost:
    """
    The answers of the code host on the default branch and the checked revision; None is what it would not tell.

    *required_reviews* is how many approvals a change needs before it is merged (0: none). *branch_protected*: nobody
    pushes past the rules. *ci_passed*: every check that the host ran on the revision succeeded.
    """

    required_reviews: int | None = None
    branch_protected: bool | None = None
    ci_passed: bool | None = None


source = Given(CodeHost, "code_host")
