"""Asks GitHub what ran on a revision, workflows and other systems alike, and whether all of it passed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from checks.gather.github import PAGE, GitHub, Untold
from checks.gather.reviews import pull_of

_PASSED = {"success"}
_NEITHER = {"neutral", "skipped"}
_AT_REST = {"completed", "waiting"}  # a deployment may wait for a person's word for ever
_WORKFLOWS = "github-actions"  # the app that GitHub runs workflows as
#: Runs that GitHub starts on the newest commit by itself, whatever the code is like: no verdict on it.
_NOT_OF_THE_CODE = {"Dependabot"}
_NO_ACCESS = {403, 404}
_SHOWN = 3  # names in a sentence


@dataclass(frozen=True, slots=True)
class Runs:
    """
    What ran on a revision: how many *ran* to their end, how many of those were *workflows*, and who *failed*.

    *running* are not at their end. *untold* says why it is not known whether all passed.
    """

    ran: int = 0
    workflows: int = 0
    failed: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    untold: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether everything that ran passed; None where that is not known or nothing ran."""
        if self.failed:
            return False
        return True if self.ran and not self.untold else None


@dataclass(frozen=True, slots=True)
class _App:
    slug: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    name: str | None
    status: str | None
    conclusion: str | None = None
    app: _App | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class _CheckRuns:
    total_count: int
    check_runs: tuple[_Run, ...]


@dataclass(frozen=True, slots=True)
class _WorkflowRuns:
    total_count: int
    workflow_runs: tuple[_Run, ...]


@dataclass(frozen=True, slots=True)
class _Status:
    context: str
    state: str


@dataclass(frozen=True, slots=True)
class _Statuses:
    total_count: int
    statuses: tuple[_Status, ...]


async def runs_of(github: GitHub, revision: str) -> Runs:
    """
    Return what ran on *revision*; raises Untold.

    Where no workflow ran on it to its end, what ran on the pull request that brought it counts: many workflows start on
    pull requests alone, and those of a merge that is minutes old still run.
    """
    here = await _ran(github, revision)
    if here.workflows and not here.running:
        return here
    there = Runs()
    with suppress(Untold):  # without pull requests, what ran here is all that is known
        pull = await pull_of(github, revision)
        there = await _ran(github, pull.head.sha) if pull else there
    if there.ran and not there.running and not there.untold:
        return Runs(here.ran + there.ran, here.workflows + there.workflows, here.failed + there.failed)
    if here.running and not here.failed:
        names = ", ".join(here.running[:_SHOWN])
        return Runs(here.ran, here.workflows, (), here.running, f"CI still runs ({names}): check again when it is done")
    return here


async def _ran(github: GitHub, commit: str) -> Runs:
    """Return what ran on *commit* itself; raises Untold."""
    try:
        path = f"/commits/{commit}/check-runs?filter=latest&per_page={PAGE}"
        checks = await github.get(path, _CheckRuns, "the checks of the revision", "Checks: read")
        total, runs = checks.total_count, [run for run in checks.check_runs if run.name not in _NOT_OF_THE_CODE]
    except Untold as why:
        if why.status not in _NO_ACCESS:
            raise
        # Not every kind of token can be given Checks; Actions shows the workflows to those that cannot.
        path = f"/actions/runs?head_sha={commit}&per_page={PAGE}"
        flows = await github.get(path, _WorkflowRuns, "what CI ran", "Actions: read")
        total = flows.total_count
        runs = [_of_actions(run) for run in flows.workflow_runs if run.event != "dynamic"]
    path = f"/commits/{commit}/status?per_page={PAGE}"
    said = await github.get(path, _Statuses, "the statuses of the revision", "Commit statuses: read")
    return _counted(runs, said.statuses, is_whole=total <= PAGE and said.total_count <= PAGE)


def _of_actions(run: _Run) -> _Run:
    return _Run(run.name, run.status, run.conclusion, _App(_WORKFLOWS))


def _counted(runs: list[_Run], statuses: tuple[_Status, ...], *, is_whole: bool) -> Runs:
    done = [run for run in runs if run.status == "completed" and run.conclusion not in _NEITHER]
    failed = [run.name or "a check" for run in done if run.conclusion not in _PASSED]
    failed += [status.context for status in statuses if status.state in {"failure", "error"}]
    running = [run.name or "a check" for run in runs if run.status not in _AT_REST]
    running += [status.context for status in statuses if status.state == "pending"]
    ended = sum(status.state != "pending" for status in statuses)
    return Runs(
        len(done) + ended,
        sum(run.app is not None and run.app.slug == _WORKFLOWS for run in done),
        tuple(dict.fromkeys(failed)),
        tuple(running),
        "" if is_whole else f"more than {PAGE} checks ran on the revision: not all were read",
    )
