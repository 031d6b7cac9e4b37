"""Secrets that the files no longer have are found in the history, once, by commit, and without reading it twice."""

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from checks.engine import Limits
from checks.interview import Progress
from checks.model import Outcome, Placement, Report, Result
from tests.checking import checked, result_of
from tests.processes import children
from tests.repositories import Commit, commit, git, repository, revision
from tests.token_names import bytes_below

TOKEN = "ghp_" + "Zk3Rw8Tn1Vb6Yq9Lc4Xd7Mf2Hs5Jg0PaBeUi"
OTHER = "ghp_" + "Aq7Lx2Wd9Ks4Vn6Bt1Rc8Yp3Mz5Hj0GfEuOi"
REMOVED = [Commit("Add", {"a.py": f'A = "{TOKEN}"\n'}), Commit("Remove", {"a.py": "\n"})]


def history_of(report: Report) -> Result:
    """What the check says of the history in *report*."""
    return result_of(report, "secret-in-history")


async def test_a_removed_secret_is_told_with_the_commit_that_added_it(tmp_path: Path) -> None:
    """The oldest commit with it is named, the path then, and that it holds the app back from every place."""
    app = repository(
        tmp_path / "app",
        history=[
            Commit("Begin", {"app.py": "print(1)\n"}),
            Commit("Add mail", {"mail.py": f'import mail\n\nTOKEN = "{TOKEN}"\n'}),
            Commit("Grow", {"mail.py": f'import mail\nimport os\n\nTOKEN = "{TOKEN}"\n'}),
            Commit("Clean up", {"mail.py": 'import os\n\nTOKEN = os.environ["TOKEN"]\n'}),
        ],
    )
    result = history_of(await checked(app, tmp_path / "home"))
    (finding,) = result.findings
    assert result.outcome is Outcome.FAILED
    assert (finding.path, finding.line, finding.commit) == ("mail.py", 3, revision(app, "main~2"))
    assert finding.blocking
    assert finding.allows is Placement.NOWHERE
    assert "9 October 2025" in finding.message
    assert "rotate" in finding.message
    assert not children()


async def test_what_a_file_still_holds_is_not_told_of_the_history(tmp_path: Path) -> None:
    """A secret whose file changed or moved since, and which HEAD has, is the other checks' to tell."""
    app = repository(
        tmp_path / "app",
        history=[
            Commit("Add", {"mail.py": f'TOKEN = "{TOKEN}"\n'}),
            Commit("Move", {"mail.py": "import os\n", "post.py": f'import os\n\nkey = "{TOKEN}"\n'}),
        ],
    )
    report = await checked(app, tmp_path / "home")
    assert history_of(report).outcome is Outcome.PASSED
    assert len(result_of(report, "hardcoded-secret").findings) == 1


async def test_a_check_after_one_more_commit_reads_what_changed_alone(tmp_path: Path) -> None:
    """What was found before stands, what left the files with the new commit is found, and all by one blob read."""
    app = repository(
        tmp_path / "app",
        history=[
            *(Commit("Change", {"app.py": f"print({number})\n"}) for number in range(30)),
            Commit("Add", {"mail.py": f'A = "{TOKEN}"\n', "post.py": f'B = "{OTHER}"\n'}),
            Commit("Remove", {"mail.py": "A = None\n"}),
        ],
    )
    assert [finding.path for finding in history_of(await checked(app, tmp_path / "home")).findings] == ["mail.py"]
    commit(app, {"post.py": "B = None\n"})
    heard: list[Progress] = []
    report = await checked(app, tmp_path / "home", progress=heard.append)
    assert {finding.path for finding in history_of(report).findings} == {"mail.py", "post.py"}
    commit(app, {"back.py": f'A = "{TOKEN}"\n'})
    again = history_of(await checked(app, tmp_path / "home"))
    assert [finding.path for finding in again.findings] == ["post.py"]


async def test_no_value_reaches_the_cache_or_the_report(tmp_path: Path) -> None:
    """The worker alone knows the value: neither the report nor any file under the home holds a part of it."""
    app = repository(
        tmp_path / "app", history=[Commit("Add", {"a.py": f'A = "{TOKEN}"\n'}), Commit("X", {"a.py": "\n"})]
    )
    report = await checked(app, tmp_path / "home")
    assert history_of(report).findings
    assert TOKEN[4:16] not in repr(report)
    with sqlite3.connect(tmp_path / "home" / "shelf.sqlite") as shelf:
        shelf.execute("pragma wal_checkpoint(truncate)")
    shelf.close()
    held = b"".join(file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file())
    assert TOKEN[4:16].encode() not in held


async def test_a_removed_file_that_is_named_like_a_token_is_kept_under_a_mask(tmp_path: Path) -> None:
    """Neither the cache nor the report holds a path of the history that is a token, now and at the next check."""
    path = f"src/{OTHER}.py"
    history = [Commit("Add", {path: f'A = "{TOKEN}"\n', "b.py": "\n"}), Commit("Empty it", {path: "\n"})]
    app = repository(tmp_path / "app", history=history)
    for _ in range(2):
        report = await checked(app, tmp_path / "home")
        assert [finding.path for finding in history_of(report).findings] == ["src/***.py"]
        assert OTHER not in repr(report)
        assert not [held for held in bytes_below(tmp_path / "home") if OTHER.encode() in held]


async def test_a_history_that_is_cut_off_is_not_checked(tmp_path: Path) -> None:
    """A shallow clone holds no older commits: that is said, with the command that brings them."""
    app = repository(tmp_path / "app", history=[Commit("A", {"a.py": "1\n"}), Commit("B", {"a.py": "2\n"})])
    git("clone", "--quiet", "--bare", "--depth=1", f"file://{app}", str(tmp_path / "shallow"))
    result = history_of(await checked(tmp_path / "shallow", tmp_path / "home"))
    assert result.outcome is Outcome.NOT_CHECKED
    assert "unshallow" in str(result.reason)


@pytest.mark.parametrize(("path", "outcome"), [("a.py", Outcome.NOT_CHECKED), ("a.png", Outcome.PASSED)])
async def test_a_missing_file_counts_unless_it_is_a_picture(tmp_path: Path, path: str, outcome: Outcome) -> None:
    """An old version that is not in the repository was not read, which a picture's absence does not matter for."""
    app = repository(tmp_path / "app", history=[Commit("A", {path: "old\n"}), Commit("B", {path: "new\n", "b.py": ""})])
    git("repack", "-adq", folder=app)
    git("unpack-objects", "-q", folder=app, stdin=_pack_moved(app))
    oid = git("rev-parse", f"main~1:{path}", folder=app).strip()
    (app / "objects" / oid[:2] / oid[2:]).unlink()
    result = history_of(await checked(app, tmp_path / "home"))
    assert result.outcome is outcome
    assert (path in str(result.reason)) is (outcome is Outcome.NOT_CHECKED)


def _pack_moved(app: Path) -> bytes:
    """Return the one pack of *app*, taken out of it."""
    (pack,) = (app / "objects" / "pack").glob("*.pack")
    data = pack.read_bytes()
    for file in (app / "objects" / "pack").iterdir():
        file.unlink()
    return data


async def test_a_history_that_takes_longer_is_read_on_next_time(tmp_path: Path) -> None:
    """Where it is too much for one check the rest of the report stands and says so; the next one ends it."""
    app = repository(tmp_path / "app", history=REMOVED)
    hasty = await checked(app, tmp_path / "home", limits=Limits(history_blobs=1))
    assert history_of(hasty).outcome is Outcome.NOT_CHECKED
    assert "still reading the history: 0 of 1 versions" in str(history_of(hasty).reason)
    assert result_of(hasty, "hardcoded-secret").outcome is Outcome.PASSED
    assert history_of(await checked(app, tmp_path / "home")).outcome is Outcome.FAILED


async def test_a_check_does_not_wait_for_a_long_history(tmp_path: Path) -> None:
    """A reader that is held up delays the report by the time that is set for it, and leaves no process behind."""
    app = repository(tmp_path / "app", history=REMOVED)
    stopping = asyncio.create_task(strike(signal.SIGSTOP))
    report = await checked(app, tmp_path / "home", limits=Limits(history_wait_s=1))
    assert await stopping
    assert "still reading the history" in str(history_of(report).reason)
    assert result_of(report, "hardcoded-secret").outcome is Outcome.PASSED
    assert not children()


async def strike(with_: signal.Signals) -> int:
    """Send the first reader of a history that is seen, in its sandbox, *with_*; return its process id."""
    while True:
        for child in children():
            if "checks.history_worker" in child.arguments and child.arguments[0].endswith(("python", "python3")):
                os.kill(child.pid, with_)
                return child.pid
        await asyncio.sleep(0.01)  # the system tells nobody of a process that begins


async def test_a_reader_that_dies_is_started_again(tmp_path: Path) -> None:
    """Killed once, it reads the history again from its start, and nothing is lost."""
    app = repository(tmp_path / "app", history=REMOVED)
    killing = asyncio.create_task(strike(signal.SIGKILL))
    report = await checked(app, tmp_path / "home")
    assert await killing
    assert len(history_of(report).findings) == 1
    assert not children()
