"""`groundcrew backup`, `restore` and `migrate`, as their user types them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("groundcrew")


def run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `groundcrew` with the home *home*."""
    environment = {"PATH": "/usr/bin:/bin", "GROUNDCREW_HOME": str(home), "HOME": str(home)}
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, check=False, env=environment
    )


def with_registry(home: Path) -> Path:
    """Make a registry in *home* by asking for its audit log, and give its file."""
    home.mkdir(mode=0o700)
    made = subprocess.run(
        [sys.executable, "-c", _MAKE, f"sqlite+aiosqlite:///{home}/registry.db"], check=True, capture_output=True
    )
    assert made.returncode == 0
    return home / "registry.db"


_MAKE = """
import asyncio, sys
from storage.database import Database
from storage.migrate import migrate

async def make():
    database = await Database.open(sys.argv[1])
    await migrate(database)
    await database.close()

asyncio.run(make())
"""


def test_a_registry_goes_out_and_comes_back(tmp_path: Path) -> None:
    """Backup, loss, restore: what is printed says where everything is."""
    registry = with_registry(tmp_path / "home")
    kept = tmp_path / "kept.backup"
    done = run(tmp_path / "home", "backup", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{kept}: ")
    assert "read back and found whole" in done.stdout
    again = run(tmp_path / "home", "backup", kept)
    assert again.returncode == 1
    assert (
        again.stderr == f"groundcrew backup: {kept} exists already. Name another file, or add --force to replace it.\n"
    )
    assert run(tmp_path / "home", "backup", kept, "--force").returncode == 0

    with closing(sqlite3.connect(registry)) as connection, connection:
        connection.execute("INSERT INTO marks VALUES ('after the backup', '')")
    done = run(tmp_path / "home", "restore", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"The registry {registry} is as it was in {kept} ")
    (aside,) = (tmp_path / "home").glob("registry.db.before-restore-*")
    assert f"The one before it is {aside}" in done.stdout
    for file, marks in ((registry, 0), (aside, 1)):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT count(*) FROM marks").fetchone() == (marks,)


def test_what_cannot_be_done_is_one_sentence(tmp_path: Path) -> None:
    """Exit 1, the reason on the error stream, and no traceback."""
    home = tmp_path / "home"
    with_registry(home)
    (tmp_path / "text").write_text("no backup")
    to = f"sqlite+aiosqlite:///{tmp_path}/new.db"
    for arguments, words in (
        (("restore", tmp_path / "text"), "is no backup of a registry."),
        (("restore", tmp_path / "nothing"), "cannot be read: No such file or directory."),
        (("backup", tmp_path / "nowhere" / "kept"), "cannot be written: No such file or directory."),
        (("migrate", "--from", "mysql://x/y", "--to", to), "--from must begin with sqlite+aiosqlite:/// or postgresql"),
        (("migrate", "--from", f"sqlite+aiosqlite:///{tmp_path}/none.db", "--to", to), "There is no registry"),
    ):
        done = run(home, *arguments)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith(f"groundcrew {arguments[0]}: ")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_registry_is_moved_with_its_counts_told(tmp_path: Path) -> None:
    """Each table with its rows and checksum, then what to set; a second time the target is no longer empty."""
    registry = with_registry(tmp_path / "home")
    way = ("--from", f"sqlite+aiosqlite:///{registry}", "--to", f"sqlite+aiosqlite:///{tmp_path}/new.db")
    done = run(tmp_path / "home", "migrate", *way)
    assert (done.returncode, done.stderr) == (0, "")
    assert "audit " in done.stdout
    assert "tables moved, counted and compared." in done.stdout
    again = run(tmp_path / "home", "migrate", *way)
    assert again.returncode == 1
    assert "holds a registry already, which is never overwritten" in again.stderr
