"""A git directory of this machine says what is wrong with it, and never holds a check up."""

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from checks.engine import Engine, Limits
from checks.gather import target as target_module
from checks.gather.git import Unreadable
from checks.gather.local_git import git_folder
from checks.gather.target import Target, opened
from checks.process import dying_with_us
from tests.repositories import git, repository, revision


async def refused(folder: Path, limits: Limits | None = None) -> str:
    """Return the sentence with which *folder* is refused."""
    engine = Engine(folder.parent / "home", limits=limits or Limits())
    with pytest.raises(Unreadable) as error:
        async with opened(Target("app", folder=folder), engine):
            pass
    return str(error.value)


async def test_a_configuration_that_git_cannot_read_is_gits_reason(tmp_path: Path) -> None:
    """A repository with commits and a broken configuration is not called empty: git's own reason is told."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    (bare / "config").write_text("[[[\n")
    assert (await refused(bare)).startswith("Repository could not be read completely: bad config line 1")


async def test_a_reference_that_is_no_commit_is_told(tmp_path: Path) -> None:
    """A branch file with rubbish in it is a damaged repository, not one without commits."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    (bare / "refs" / "heads" / "main").write_text("rubbish\n")
    assert "No commits yet" not in await refused(bare)


@pytest.mark.parametrize("name", ["config", "HEAD", "packed-refs", "objects/info/alternates", "refs/heads/main"])
async def test_a_pipe_in_a_git_directory_is_refused_before_git_opens_it(name: str, tmp_path: Path) -> None:
    """A pipe in the place of any file of git's is refused in a sentence that names it."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    (bare / name).unlink(missing_ok=True)
    os.mkfifo(bare / name)
    sentence = f"The repository's own {name} is a pipe, a device or a socket, no file. Not checked."
    assert await refused(bare) == sentence


async def test_all_git_calls_of_a_check_have_one_deadline(tmp_path: Path) -> None:
    """What git waits for where nobody looks, an included pipe, ends with the deadline."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    os.mkfifo(tmp_path / "pipe")
    git("config", "include.path", str(tmp_path / "pipe"), folder=bare)
    assert "git was not done within 1 s" in await refused(bare, Limits(git_s=1))


async def test_a_git_file_that_leads_nowhere_is_a_sentence(tmp_path: Path) -> None:
    """A `.git` file with a name that no file can have is refused in words."""
    (tmp_path / ".git").write_text("gitdir: " + "x" * 3000)
    with pytest.raises(Unreadable, match="does not say where the repository is"):
        git_folder(tmp_path)


@pytest.mark.parametrize("answer", ["git version 2.51.0", ""])
async def test_what_git_says_is_not_believed_blindly(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git that answers no object id is no reason to judge an empty app."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    fake_git(tmp_path / "fake", f"echo '{answer}'", monkeypatch)
    assert "Repository could not be read completely" in await refused(bare)


async def test_an_empty_list_of_a_commit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that lists no file of a commit gives nothing to check, never a place."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    fake_git(tmp_path / "fake", f'case "$*" in *rev-parse*) echo {revision(bare)};; esac', monkeypatch)
    assert "There is nothing here to check" in await refused(bare)


async def test_a_git_with_known_holes_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check says which git is needed before it lets the old one near a repository."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    monkeypatch.setattr(target_module, "_git_problem", lambda: "git 2.20.1 has known holes")
    assert await refused(bare) == "git 2.20.1 has known holes"


@pytest.mark.skipif(not dying_with_us(), reason="this machine has no setpriv that knows --pdeathsig")
async def test_git_dies_with_the_check_that_started_it(tmp_path: Path) -> None:
    """When the process of a check is killed, its git is killed too, also where it waits for a pipe."""
    bare = repository(tmp_path / "app", {"app.py": "x = 1\n"})
    os.mkfifo(tmp_path / "pipe")
    git("config", "include.path", str(tmp_path / "pipe"), folder=bare)
    program = (
        "import asyncio, pathlib, sys; from checks.gather.git import output; "
        "asyncio.run(output('rev-parse', 'HEAD', folder=pathlib.Path(sys.argv[1])))"
    )
    check = await asyncio.create_subprocess_exec(sys.executable, "-I", "-c", program, str(bare), cwd="/")
    # The pipe opens for writing as soon as git reads it, and is at its end, an error, as soon as git is gone.
    pipe = await asyncio.to_thread(os.open, tmp_path / "pipe", os.O_WRONLY)
    check.send_signal(signal.SIGKILL)
    await check.wait()
    with pytest.raises(BrokenPipeError):
        await asyncio.to_thread(written_until_closed, pipe)
    os.close(pipe)


def written_until_closed(pipe: int) -> None:
    """Write into *pipe* until nobody reads it any more."""
    while True:
        os.write(pipe, b"#" * 4096)


def fake_git(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let checks find a git in *folder* that *does* something else."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("checks.gather.git._program", lambda: str(program))
