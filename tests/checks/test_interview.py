"""The worker may die or hang at any moment: the check carries on, and the report says what was not seen."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import ahead
from checks.engine import Limits
from checks.fact import Missing
from checks.gather import workflow_audit
from checks.interview import Progress, Stage
from checks.model import Outcome, Report
from checks.sandbox import Level, sandbox_level
from tests.checking import checked, result_of, unseen
from tests.processes import children
from tests.repositories import repository
from tests.token_names import GITHUB, bytes_below

FILES = {f"app{number}.py": f"value = {number}\n" for number in range(5)}


def strike(signal_: signal.Signals, when: Callable[[Progress], bool]) -> Callable[[Progress], None]:
    """Return a progress function that sends the worker *signal_* whenever *when* is true."""

    def progress(at: Progress) -> None:
        if when(at):
            for child in children():
                if child.arguments[-1] in {"checks.worker", "--landlock"} and "python" in child.arguments[0]:
                    os.kill(child.pid, signal_)

    return progress


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Give a repository of five files."""
    return repository(tmp_path / "app", FILES)


async def test_a_worker_killed_over_a_file_costs_that_file_alone(app: Path, tmp_path: Path) -> None:
    """Killed while it reads one file, it is started again without it, and the report names that file."""
    killed: list[Progress] = []

    def once(at: Progress) -> bool:
        if at.stage is not Stage.READING or at.done != 2 or killed:
            return False
        killed.append(at)
        return True

    report = await checked(app, tmp_path / "home", progress=strike(signal.SIGKILL, once))
    assert killed
    named = {path for path in FILES if f"{path} was not read: the reader died" in unseen(report)}
    assert len(named) == 1
    assert result_of(report, "fallback-secret").outcome is Outcome.NOT_CHECKED
    assert result_of(report, "no-ci").outcome is Outcome.FAILED
    assert not children()


async def test_a_worker_that_hangs_over_a_file_is_stopped(app: Path, tmp_path: Path) -> None:
    """Silent past the deadline of one file, it is killed and the file is named with the reason."""
    struck: list[Progress] = []

    def once(at: Progress) -> bool:
        if at.stage is not Stage.READING or struck:
            return False
        struck.append(at)
        return True

    limits = Limits(blob_s=1.0)
    report = await checked(app, tmp_path / "home", limits=limits, progress=strike(signal.SIGSTOP, once))
    assert "was not read: the reader was stopped after 1 seconds" in unseen(report)
    assert not children()


async def test_after_five_deaths_everything_owed_is_not_checked(app: Path, tmp_path: Path) -> None:
    """A worker that dies over every file is given up, and no check passes."""
    report = await checked(
        app, tmp_path / "home", progress=strike(signal.SIGKILL, lambda at: at.stage is Stage.READING)
    )
    assert {result.outcome for result in report.results} == {Outcome.NOT_CHECKED}
    assert {result.reason for result in report.results} == {"the reader ended 5 times while this repository was read"}
    assert len(report.results) > 1
    assert not children()


async def test_a_worker_that_dies_over_a_check_costs_that_check_alone(app: Path, tmp_path: Path) -> None:
    """What was answered before a death stands; the check or fact that it died over is told as not checked."""
    answered: list[Progress] = []

    def after_three(at: Progress) -> bool:
        if at.stage is Stage.CHECKING:
            answered.append(at)
        return at.stage is Stage.CHECKING and len(answered) == 3

    report = await checked(app, tmp_path / "home", progress=strike(signal.SIGKILL, after_three))
    assert len({result.check for result in report.results}) == len(report.results) == answered[-1].total
    assert sum("died" in (result.reason or "") for result in report.results) <= len(report.results) - 3
    assert not children()


async def test_there_is_an_end_to_one_check_as_a_whole(app: Path, tmp_path: Path) -> None:
    """When the time of a whole check is over, what is owed is told as not checked, with that reason."""
    limits = Limits(check_s=1.0, history_wait_s=0.0)
    stop = strike(signal.SIGSTOP, lambda at: at.stage is Stage.READING)
    report = await checked(app, tmp_path / "home", limits=limits, progress=stop)
    assert "there was no time left: a check may take 1 seconds" in unseen(report)
    assert not children()


async def test_a_cancelled_check_leaves_no_process(app: Path, tmp_path: Path) -> None:
    """Cancelled while the worker reads, the check ends the worker and git."""
    reading = asyncio.Event()

    def progress(at: Progress) -> None:
        if at.stage is Stage.READING:
            reading.set()
            strike(signal.SIGSTOP, lambda _: True)(at)

    task = asyncio.create_task(checked(app, tmp_path / "home", progress=progress))
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()


async def test_progress_begins_at_once_and_only_goes_on(app: Path, tmp_path: Path) -> None:
    """The first word comes before anything is done, and the stages follow in order."""
    heard: list[Progress] = []
    await checked(app, tmp_path / "home", progress=heard.append)
    assert heard[0] == Progress(Stage.FETCHING)
    short = [stage for stage in Stage if stage is not Stage.HISTORY]  # a short history is read before all is asked
    assert list(dict.fromkeys(at.stage for at in heard if at.stage is not Stage.HISTORY)) == short
    checking = [at for at in heard if at.stage is Stage.CHECKING]
    assert [at.done for at in checking] == list(range(1, checking[-1].total + 1))


async def test_a_second_check_reads_no_file_again(app: Path, tmp_path: Path) -> None:
    """Of an unchanged repository nothing is read a second time, and the answer is the same."""
    first = await checked(app, tmp_path / "home")
    heard: list[Progress] = []
    second = await checked(app, tmp_path / "home", progress=heard.append)
    assert not [at for at in heard if at.stage is Stage.READING]
    assert second.results == first.results


async def test_zizmor_is_not_asked_again_about_the_same_workflows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered from the workflows alone is kept; other workflows are asked about anew."""
    text = "on: pull_request_target\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
    app = repository(tmp_path / "app", {".github/workflows/ci.yml": text})
    first = await checked(app, tmp_path / "home")
    assert result_of(first, "dangerous-workflow").outcome is Outcome.FAILED

    async def gone(_subject: object, _question: bytes) -> bytes:
        raise Missing("it is gone")

    monkeypatch.setattr(workflow_audit, "answer", gone)
    assert result_of(await checked(app, tmp_path / "home"), "dangerous-workflow") == result_of(
        first, "dangerous-workflow"
    )
    other = repository(tmp_path / "other", {".github/workflows/ci.yml": f"name: other\n{text}"})
    assert result_of(await checked(other, tmp_path / "home"), "dangerous-workflow").outcome is Outcome.NOT_CHECKED


async def test_an_answer_that_holds_a_token_is_given_and_not_kept(tmp_path: Path) -> None:
    """A workflow that is named like a token is audited, and what zizmor says of it does not go to the disk."""
    token = GITHUB
    step = f"{{run: 'echo ${{{{ github.head_ref }}}} {token}'}}"
    text = f"on: pull_request_target\njobs: {{a: {{runs-on: ubuntu-latest, steps: [{step}]}}}}\n"
    app = repository(tmp_path / "app", {f".github/workflows/{token}.yml": text})
    report = await checked(app, tmp_path / "home")
    assert result_of(report, "dangerous-workflow").outcome is Outcome.FAILED
    assert token not in repr(report)
    assert not [held for held in bytes_below(tmp_path / "home") if token.encode() in held]


async def test_an_answer_that_fails_costs_that_answer_alone(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the parent fails over an answer, as with a full disk, its checks are not checked and the others are."""

    async def full(_subject: object, _question: bytes) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workflow_audit, "answer", full)
    report = await checked(app, tmp_path / "home")
    assert result_of(report, "dangerous-workflow").outcome is Outcome.NOT_CHECKED
    assert "OSError" in str(result_of(report, "dangerous-workflow").reason)
    assert result_of(report, "no-ci").outcome is Outcome.FAILED


@pytest.mark.parametrize("level", list(Level))
async def test_every_level_of_the_sandbox_gives_the_same_answer(
    level: Level, app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bubblewrap, Landlock and bare limits differ in what the worker could do, not in what it says."""
    there = {Level.BUBBLEWRAP: {*Level}, Level.LANDLOCK: {Level.LANDLOCK, Level.LIMITS}, Level.LIMITS: {Level.LIMITS}}
    if level not in there[sandbox_level()]:
        pytest.skip(f"this machine has no {level}")
    usual: Report = await checked(app, tmp_path / "home")
    monkeypatch.setattr(ahead, "sandbox_level", lambda: level)
    assert (await checked(app, tmp_path / "other")).results == usual.results
