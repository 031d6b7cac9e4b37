"""A plain folder is read file by file, with the ids that git would give, and nothing outside it."""

import os
from pathlib import Path

import pytest

from checks.engine import Limits
from checks.gather.folder import FolderBlobs
from checks.gather.tree import Unread
from tests.repositories import git


async def test_files_have_the_ids_that_git_gives_them(tmp_path: Path) -> None:
    """A file of a folder has its git blob id, so that what is known of it holds for repositories too."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("x = 1\n")
    blobs = FolderBlobs(tmp_path)
    listing, notes = blobs.listing(Limits())
    (entry,) = listing.entries
    assert (entry.path, entry.size, listing.complete, notes) == ("src/app.py", 6, True, ())
    assert entry.oid == git("hash-object", "--stdin", stdin=b"x = 1\n").strip()
    assert await blobs.blob(entry) == b"x = 1\n"


def test_what_no_team_commits_is_left_out(tmp_path: Path) -> None:
    """Installed packages, virtual environments and git's own folder are not the app's."""
    files = ("node_modules/a/index.js", ".git/config", "env/lib/a.py", "env/bin/python", "__pycache__/a.pyc", "app.py")
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    listing, notes = FolderBlobs(tmp_path).listing(Limits())
    assert listing.paths == {"app.py", "env/pyvenv.cfg"}
    assert notes == ("installed or built code is not read: __pycache__/, node_modules/, env/bin/, env/lib/",)


@pytest.mark.parametrize("python", [None, "bin/python"])
def test_a_file_that_says_environment_hides_no_code(python: str | None, tmp_path: Path) -> None:
    """Beside pyvenv.cfg code is read: all of it where there is no Python, else what no environment holds."""
    for name in ("pyvenv.cfg", "server/app.py", "app.py", *([python] if python else ["lib/a.py"])):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    listing, _ = FolderBlobs(tmp_path).listing(Limits())
    assert listing.paths == {"pyvenv.cfg", "server/app.py", "app.py"} | (set() if python else {"lib/a.py"})


@pytest.mark.parametrize(
    ("link", "aim", "missing"),
    [
        ("server", "../outside", True),
        ("app2.py", "../outside/app.py", True),
        ("server", "node_modules/server", True),
        ("server", "src", False),
        ("app2.py", "src/app.py", False),
    ],
)
def test_a_link_to_what_is_not_read_is_missing(link: str, aim: str, missing: bool, tmp_path: Path) -> None:
    """A link out of the folder, or into a skipped one, makes the listing partial; one to what is read does not."""
    for name in ("outside/app.py", "app/src/app.py", "app/node_modules/server/app.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "app" / link).symlink_to(aim)
    listing, _ = FolderBlobs(tmp_path / "app").listing(Limits())
    assert bool(listing.missing) is missing
    assert all(link in one for one in listing.missing)


async def test_a_file_that_changes_after_it_was_listed_is_not_read(tmp_path: Path) -> None:
    """What was listed and what is read must be the same bytes, else the cache would lie."""
    (tmp_path / "app.py").write_text("x = 1\n")
    blobs = FolderBlobs(tmp_path)
    listing, _ = blobs.listing(Limits())
    (tmp_path / "app.py").write_text("x = 2\n")
    with pytest.raises(Unread, match="it changed while it was read"):
        await blobs.blob(listing.entries[0])


async def test_a_folder_swapped_for_a_link_leads_nowhere(tmp_path: Path) -> None:
    """A folder or file that becomes a link after the listing is not followed."""
    outside, app = tmp_path / "outside", tmp_path / "app"
    for folder in (outside, app / "src"):
        folder.mkdir(parents=True)
        (folder / "app.py").write_text("x = 1\n")
    blobs = FolderBlobs(app)
    listing, _ = blobs.listing(Limits())
    (app / "src").rename(app / "was")
    (app / "src").symlink_to(outside)
    with pytest.raises(Unread, match="it cannot be opened"):
        await blobs.blob(listing.entries[0])


async def test_a_pipe_in_a_files_place_hangs_nothing(tmp_path: Path) -> None:
    """A named pipe is no file, whether it was there from the start or came later."""
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "app.py").write_text("x = 1\n")
    blobs = FolderBlobs(tmp_path)
    listing, _ = blobs.listing(Limits())
    assert listing.paths == {"app.py"}
    (tmp_path / "app.py").unlink()
    os.mkfifo(tmp_path / "app.py")
    with pytest.raises(Unread):
        await blobs.blob(listing.entries[0])


def test_a_folder_with_too_many_files_is_stopped(tmp_path: Path) -> None:
    """At the limit the listing stops and says so."""
    for number in range(5):
        (tmp_path / f"app{number}.py").write_text("x\n")
    listing, _ = FolderBlobs(tmp_path).listing(Limits(paths=3))
    assert (len(listing.entries), listing.complete, listing.missing) == (3, False, ("stopped at 3 files",))
