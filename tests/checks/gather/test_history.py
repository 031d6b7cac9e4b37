"""The history is counted as it came to be: merges, pull requests, reviews, people and machines."""

from pathlib import Path

from checks.engine import Limits
from checks.facts.delivery.history import History
from checks.gather.history import read_history
from tests.repositories import Commit, repository, revision


async def history_of(folder: Path, limits: Limits | None = None) -> History:
    """Return the history of the repository at *folder*."""
    history = await read_history(folder, revision(folder), limits or Limits())
    assert isinstance(history, History)
    return history


async def test_traces_of_review_are_counted(tmp_path: Path) -> None:
    """Squashed and merged pull requests and review lines are told from commits that merely speak of them."""
    commits = [
        Commit("Begin"),
        Commit("Add login (#12)"),
        Commit("Merge pull request #13 from bo/x\n\nAdd logout", author="Bo <bo@example.test>", also_of=0),
        Commit("Merge branch 'x' into 'main'\n\nSee merge request team/app!14"),
        Commit("Mend it\n\nReviewed-by: Bo <bo@example.test>"),
        Commit("Speak of (#15) in passing"),
    ]
    history = await history_of(repository(tmp_path / "app", history=commits))
    assert (history.commits, history.pull_requests, history.reviewed) == (6, 3, 1)
    assert (history.authors, history.complete) == (2, True)


async def test_machines_are_told_from_people(tmp_path: Path) -> None:
    """AI builders are named by what they sign with, and bots are no authors."""
    commits = [
        Commit("Begin", author="gpt-engineer-app[bot] <159125892+gpt-engineer-app[bot]@users.noreply.github.com>"),
        Commit("Work\n\nCo-Authored-By: Claude <noreply@anthropic.com>"),
        Commit("Work\n\nReplit-Commit-Author: Agent"),
        Commit("Bump", author="dependabot[bot] <support@github.com>"),
    ]
    history = await history_of(repository(tmp_path / "app", history=commits))
    assert history.ai_marks == ("Claude", "Lovable", "Replit")
    assert history.authors == 1


async def test_ai_builders_are_no_people(tmp_path: Path) -> None:
    """An AI builder that commits in its own name is no author; a person whose name is Claude is one."""
    names = ["Replit Agent <agent@replit.com>", "lovable-dev[bot] <bot@lovable.dev>", "Cursor Agent <a@example.test>"]
    names += ["Claude <noreply@anthropic.com>", "github-actions[bot] <a@example.test>", "Claude Duval <c@example.test>"]
    history = await history_of(repository(tmp_path / "app", history=[Commit(author=name) for name in names]))
    assert history.authors == 1


async def test_one_person_has_many_addresses(tmp_path: Path) -> None:
    """Who shares a name or an address with another author line is the same person."""
    lines = ["Ann Lee <ann@example.test>", "ann  lee <ann@home.test>", "annl <ann@home.test>", "Bo <>", "Cy <>"]
    history = await history_of(repository(tmp_path / "app", history=[Commit(author=line) for line in lines]))
    assert history.authors == 3


async def test_a_history_beyond_the_limit_is_not_complete(tmp_path: Path) -> None:
    """Reading stops at the limit, and the history says that it is not whole."""
    bare = repository(tmp_path / "app", history=[Commit()] * 5)
    history = await history_of(bare, Limits(commits=3))
    assert (history.commits, history.complete) == (3, False)


async def test_odd_bytes_in_commits_end_nothing(tmp_path: Path) -> None:
    """Names and messages that are not UTF-8, or empty, are counted like any other."""
    bare = repository(tmp_path / "app", history=[Commit(""), Commit("\x1b[2J\u202e"), Commit(author="<a@b>")])
    assert (await history_of(bare)).commits == 3
