"""A worker that hostile content has taken over can say what it likes: it gets nothing more and poisons nothing."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from checks import ahead, wire
from checks.engine import Limits
from checks.facts.secrets.history_secrets import TOPIC
from checks.gather import answers
from checks.model import CheckError, Outcome, Placement, Result, Severity
from checks.process import started
from checks.sandbox import Level
from tests.checking import checked
from tests.processes import children
from tests.repositories import git, repository

HELLO = wire.Hello((wire.Asked("no-ci", "delivery", Severity.HIGH, Placement.SANDBOX, ""),))
FORGED = Result("no-ci", "delivery", Outcome.PASSED, Severity.HIGH, Placement.SANDBOX)


def says(monkeypatch: pytest.MonkeyPatch, *messages: wire.FromWorker | bytes) -> None:
    """Have every worker say *messages* without listening, then wait for its end."""
    said = b"".join(message if isinstance(message, bytes) else wire.frame(message) for message in messages)
    script = f"import sys; sys.stdout.buffer.write({said!r}); sys.stdout.flush(); sys.stdin.buffer.read()"

    def worker(_level: Level) -> AbstractAsyncContextManager[Process]:
        return started([sys.executable, "-I", "-c", script], environment={})

    monkeypatch.setattr(ahead, "worker", worker)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Give a repository with one file."""
    return repository(tmp_path / "app", {"app.py": "x = 1\n"})


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x04abcd",
        wire.HEADER.pack(wire.LARGEST) + b"x",
        wire.Reading("0" * 40, "app.py", 0, 1),
        wire.Reading("--batch-all-objects", "app.py", 0, 1),
        wire.Reading("HEAD:app.py\nHEAD", "app.py", 0, 1),
    ],
    ids=["endless", "garbage", "cut off", "an id that is not listed", "an option", "two requests in one"],
)
async def test_nonsense_ends_the_worker_and_nothing_passes(
    garbage: wire.FromWorker | bytes, app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is no part of the conversation ends it, and the checks owed are not checked."""
    says(monkeypatch, HELLO, garbage)
    report = await checked(app, tmp_path / "home", limits=Limits(step_s=0.5, blob_s=0.5))
    assert {result.outcome for result in report.results} == {Outcome.NOT_CHECKED}
    assert not children()


async def test_a_worker_that_never_speaks_is_our_fault_and_said(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no worker can be started, there is no report but a sentence that names the doctor."""

    def worker(_level: Level) -> AbstractAsyncContextManager[Process]:
        return started(["/bin/false"], environment={})

    monkeypatch.setattr(ahead, "worker", worker)
    with pytest.raises(CheckError, match="groundcrew doctor"):
        await checked(app, tmp_path / "home")


async def test_parts_reach_the_cache_only_for_the_blob_just_read(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker cannot put a part under another blob's id, nor under a name it did not ask for, nor before it reads."""
    oid = git("rev-parse", "HEAD:app.py", folder=app).strip()
    says(
        monkeypatch,
        HELLO,
        wire.Wanted([("mine", oid, "python")]),
        wire.Read([("mine", "python", b"before")]),
        wire.Reading(oid, "app.py", 0, 1),
        wire.Read([("mine", "python", b"good"), ("others", "python", b"bad"), ("mine", "javascript", b"bad")]),
        wire.Read([("mine", "python", b"after")]),
        wire.Answered(FORGED),
        wire.Done(),
    )
    await checked(app, tmp_path / "home")
    with sqlite3.connect(tmp_path / "home" / "shelf.sqlite") as shelf:
        rows = shelf.execute("select collector, oid, kind, part from part").fetchall()
    shelf.close()
    assert rows == [("mine", oid, "python", b"good")]


async def test_results_are_taken_only_for_checks_that_are_owed(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result of a check that nobody asked for is left out of the report."""
    stranger = Result("no-such-check", "delivery", Outcome.PASSED, Severity.HIGH, Placement.SANDBOX)
    says(monkeypatch, HELLO, wire.Answered(stranger), wire.Done())
    report = await checked(app, tmp_path / "home")
    assert [(result.check, result.outcome) for result in report.results] == [("no-ci", Outcome.NOT_CHECKED)]


async def test_only_one_answer_a_topic_is_begun_ahead(
    app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much a worker says that it is going to ask, one question a topic is begun, in all its lives."""
    begun: list[tuple[str, bytes]] = []

    async def answer(_subject: object, topic: str, question: bytes) -> bytes:
        begun.append((topic, question))
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(answers, "answer", answer)
    soon = (wire.Soon(topic, b"%d" % number) for number in range(20) for topic in ("site", "code_host", TOPIC))
    says(monkeypatch, HELLO, *soon)
    report = await checked(app, tmp_path / "home", limits=Limits(step_s=0.3, blob_s=0.3))
    assert begun == [("site", b"0"), ("code_host", b"0")]
    assert {result.outcome for result in report.results} == {Outcome.NOT_CHECKED}
    assert not children()
