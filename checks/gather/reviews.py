"""Asks GitHub for the rules of the default branch, and whether its newest changes were approved by another person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from checks.gather.github import PAGE, GitHub, Untold, each

NEWEST = 20  # commits of the branch whose reviews are looked at; each costs at most two questions
_PULLS = ("the pull requests", "Pull requests: read")


@dataclass(frozen=True, slots=True)
class Protection:
    """The rules of the default branch: approvals *required* before a merge, whether it is *protected* at all."""

    required: int | None = None
    protected: bool | None = None
    untold: str = ""


@dataclass(frozen=True, slots=True)
class Recent:
    """How many of the newest *commits* of the branch came by a pull request that another person *approved*."""

    commits: int | None = None
    approved: int | None = None
    untold: str = ""


@dataclass(frozen=True, slots=True)
class _Repository:
    default_branch: str


@dataclass(frozen=True, slots=True)
class _Approvals:
    required_approving_review_count: int = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    type: str
    parameters: _Approvals | None = None  # of a rule of another type, nothing that is looked at


@dataclass(frozen=True, slots=True)
class _Branch:
    protected: bool


@dataclass(frozen=True, slots=True)
class _Classic:
    required_pull_request_reviews: _Approvals | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    sha: str


@dataclass(frozen=True, slots=True)
class _Commit:
    sha: str
    parents: tuple[_Named, ...] = ()


@dataclass(frozen=True, slots=True)
class _User:
    login: str
    type: str = "User"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request: *merged_at* is None where it was not merged, *user* where its author's account is gone."""

    number: int
    head: _Named
    merged_at: str | None = None
    user: _User | None = None


@dataclass(frozen=True, slots=True)
class _Review:
    state: str
    user: _User | None = None


async def protection_of(github: GitHub) -> Protection:
    """
    Return the rules of the default branch; raises Untold where not even the repository is shown.

    Rulesets are shown to any token that may read the repository, the older branch protection only with Administration.
    """
    repository = await github.get("", _Repository, "the repository", "access to it, with Metadata: read")
    branch = quote(repository.default_branch)
    rules = await github.get(
        f"/rules/branches/{branch}?per_page={PAGE}", list[_Rule], "the rules of the branch", "Metadata: read"
    )
    asked = [rule.parameters for rule in rules if rule.type == "pull_request" and rule.parameters is not None]
    required = max((one.required_approving_review_count for one in asked), default=0)
    if required:
        return Protection(required, protected=True)
    named = await github.get(f"/branches/{branch}", _Branch, "the default branch", "Contents: read")
    if not named.protected:
        return Protection(0, bool(rules))
    try:
        what, grant = "branch protection", "Administration: read"
        classic = await github.get(f"/branches/{branch}/protection", _Classic, what, grant)
    except Untold as why:
        return Protection(0, protected=True) if why.is_bare else Protection(None, protected=True, untold=str(why))
    reviews = classic.required_pull_request_reviews
    return Protection(reviews.required_approving_review_count if reviews else 0, protected=True)


async def recent_of(github: GitHub, revision: str) -> Recent:
    """Return how many of the newest commits up to *revision* were approved by another person; raises Untold."""
    path = f"/commits?sha={revision}&per_page={PAGE}"
    line = _first_parents(revision, await github.get(path, list[_Commit], "the commits", "Contents: read"))
    brought = await each(pull_of(github, commit) for commit in line)
    pulls = {pull.number: pull for pull in brought if pull is not None}
    verdicts = await each(_is_approved(github, pull) for pull in pulls.values())
    approved = {number for number, verdict in zip(pulls, verdicts, strict=True) if verdict}
    return Recent(len(line), sum(pull is not None and pull.number in approved for pull in brought))


async def pull_of(github: GitHub, commit: str) -> Pull | None:
    """Return the pull request that brought *commit* into the branch, or None; raises Untold."""
    pulls = await github.get(f"/commits/{commit}/pulls", list[Pull], *_PULLS)
    return next((pull for pull in pulls if pull.merged_at), None)


def _first_parents(revision: str, commits: Sequence[_Commit]) -> list[str]:
    """Return the newest commits of the branch itself: what a merge brought along was reviewed with the merge."""
    parents = {commit.sha: commit.parents for commit in commits}
    line: list[str] = []
    at: str | None = revision
    while at in parents and len(line) < NEWEST:
        line.append(at)
        at = next((parent.sha for parent in parents[at]), None)
    return line


async def _is_approved(github: GitHub, pull: Pull) -> bool:
    """Whether the last word of a person other than the author is an approval; a bot's approval is none."""
    reviews = await github.get(f"/pulls/{pull.number}/reviews?per_page={PAGE}", list[_Review], *_PULLS)
    author = pull.user.login if pull.user else ""
    last = {
        review.user.login: review.state
        for review in reviews
        if review.user and review.user.type == "User" and review.state != "COMMENTED"
    }
    return any(state == "APPROVED" for login, state in last.items() if login != author)
