"""`groundcrew audit`: what a reader gets, and what the exit status says."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from storage import apps, audit
from storage.database import Database
from storage.migrate import migrate
from tests.postgres_roles import Roles
from tests.registries import make_tables
from tests.storage.sample import NOW, an_app


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of a registry with three rows in its audit log."""
    monkeypatch.setenv("GROUNDCREW_HOME", str(tmp_path))
    path = tmp_path / "registry.db"
    asyncio.run(_filled(path))
    return path


async def _filled(path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    await migrate(database)
    async with database.write() as transaction:
        await apps.add(transaction, an_app())
        for what, subject in (("register app", an_app().id), ("check address", "x\ny"), ("page owner", an_app().id)):
            await audit.write(transaction, NOW, who="UANN", what=what, subject=subject, detail={"what": "a\x1b[2Jb"})
    await database.close()


def test_an_honest_log_is_ok_and_its_newest_digest_said(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0; the digest can be given again, and one that is not there is exit 1."""
    assert main(["audit", "verify"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ok: 3 rows, each follows from the one before. The newest digest is ")
    digest = said.split()[-1]
    assert main(["audit", "verify", "--head", digest]) == 0
    assert main(["audit", "verify", "--head", "0" * 64]) == 1
    assert "its end was cut off" in capsys.readouterr().out
    assert registry.exists()


def test_tampering_is_said_a_line_each(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real file is changed behind the bot's back; exit 1 names the rows."""
    with sqlite3.connect(registry) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET who = 'UBO' WHERE id IN (1, 3)")
    connection.close()
    assert main(["audit", "verify"]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "row 1 (2026-11-22 10:00:00 UTC, UBO: register app) was changed",
        "row 3 (2026-11-22 10:00:00 UTC, UBO: page owner) was changed",
    ]
    assert "tampered with: 3 rows, 2 to explain" in told.err


def test_the_log_is_printed_one_line_a_row(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Apps by their names, what came from outside in JSON; by app and from a day on."""
    assert registry.exists()
    assert main(["audit", "list", "--since", "2026-11-22"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        r'2026-11-22 10:00:00 UTC  UANN  register app  billing-bot  {"what": "a\u001b[2Jb"}',
        r'2026-11-22 10:00:00 UTC  UANN  check address  "x\ny"  {"what": "a\u001b[2Jb"}',
        r'2026-11-22 10:00:00 UTC  UANN  page owner  billing-bot  {"what": "a\u001b[2Jb"}',
    ]
    assert main(["audit", "list", "--since", "2026-11-22", "--app", "Billing-Bot"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["audit", "list", "--app", "nope"]) == 2
    assert "no app called nope" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["verify", "--head", "x"], ["list", "--since", "soon"], []])
def test_wrong_words_are_answered(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As by every other subcommand."""
    with pytest.raises(SystemExit) as ended:
        main(["audit", *words])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_no_registry_is_made_by_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where none is, that is said, and none is made; the status is another than that of a log that was changed."""
    monkeypatch.setenv("GROUNDCREW_HOME", str(tmp_path))
    assert main(["audit", "verify"]) == 2
    assert "There is no registry" in capsys.readouterr().err
    assert not (tmp_path / "registry.db").exists()


@pytest.mark.parametrize("way", ["verify", "list"])
def test_a_log_that_may_not_be_read_was_not_tampered_with(
    roles: Roles, way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with its mend, and exit 2: whoever watches for 1 must not be woken for it."""
    make_tables(roles.admin_at(roles.database_of(roles.admin)))
    monkeypatch.setenv("GROUNDCREW_DATABASE_URL", roles.crew_at(roles.database))
    assert main(["audit", way]) == 2
    said = capsys.readouterr().err
    assert said.startswith("groundcrew audit: The registry at ")
    assert "permission denied for table alembic_version. " in said
    assert f"REASSIGN OWNED BY {roles.admin} TO {roles.crew}" in said
    assert said.count("\n") == 1


def test_a_reader_who_has_seen_enough_is_no_fault(registry: Path) -> None:
    """`groundcrew audit list | head` ends without a traceback."""
    assert registry.exists()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-I", "-m", "bot", "audit", "list", "--since", "2000-01-01"],
        cwd="/",
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
