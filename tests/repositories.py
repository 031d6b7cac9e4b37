"""Builds real git repositories for tests, in one `git fast-import`, without the machine's own configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Files = (
    Mapping[str, str]
    | Mapping[str, bytes]
    | Mapping[str, str | bytes]
    | Mapping[bytes, bytes]
    | Mapping[str | bytes, str]
)

#: The environment of every git that tests start.
HERMETIC = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "LC_ALL": "C.UTF-8",
}
_BEGAN = 1_760_000_000  # seconds; each commit is an hour after the one before


@dataclass(frozen=True)
class Commit:
    """One commit: it adds *files* to what was there; *also_of* is the number of a further parent, from 0."""

    message: str = "Change something"
    files: Files = field(default_factory=dict)
    author: str = "Ann <ann@example.test>"
    also_of: int | None = None


def repository(
    folder: Path,
    files: Files | None = None,
    *,
    history: Sequence[Commit] = (),
    branch: str = "main",
    links: Mapping[str, str] | None = None,
    submodules: Mapping[str, str] | None = None,
) -> Path:
    """
    Return a bare repository at *folder* whose *branch* holds *history*, then *files* as its last commit.

    *links* are symbolic links {path: where}, *submodules* {path: commit}.
    """
    git("init", "--quiet", "--bare", f"--initial-branch={branch}", str(folder))
    commits = list(history)
    if files is not None or links or submodules or not commits:
        commits.append(Commit("Add the app", files or {}))
    script = b"".join(_commit(number, commit, branch) for number, commit in enumerate(commits, 1))
    for path, where in (links or {}).items():
        script += b"M 120000 inline %s\n%s" % (_quoted(path), _data(where))
    for path, oid in (submodules or {}).items():
        script += b"M 160000 %s %s\n" % (oid.encode(), _quoted(path))
    git("fast-import", "--quiet", "--force", folder=folder, stdin=script)
    return folder


def checkout(bare: Path, folder: Path) -> Path:
    """Return a checkout of *bare* at *folder*."""
    git("clone", "--quiet", str(bare), str(folder))
    return folder


def commit(folder: Path, files: Files, *, message: str = "Change something", branch: str = "main") -> str:
    """Add one commit to *branch* of the bare repository at *folder*; return its id."""
    script = _commit(1, Commit(message, files), branch, parent=f"refs/heads/{branch}^0")
    git("fast-import", "--quiet", folder=folder, stdin=script)
    return revision(folder, branch)


def revision(folder: Path, name: str = "HEAD") -> str:
    """Return the commit that *name* is at."""
    return git("rev-parse", name, folder=folder).strip()


def git(*arguments: str, folder: Path | None = None, stdin: bytes | None = None) -> str:
    """Return what git prints for *arguments*; raises CalledProcessError."""
    where = [] if folder is None else [f"--git-dir={git_dir(folder)}"]
    done = subprocess.run(
        ["git", *where, *arguments], input=stdin or b"", env=HERMETIC, check=True, capture_output=True, cwd="/"
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def git_dir(folder: Path) -> Path:
    """Return the git directory of a checkout or a bare repository."""
    return folder / ".git" if (folder / ".git").exists() else folder


def _commit(number: int, commit: Commit, branch: str, *, parent: str | None = None) -> bytes:
    signature = f"{commit.author} {_BEGAN + 3600 * number} +0000"
    lines = [
        f"commit refs/heads/{branch}\nmark :{number}\nauthor {signature}\ncommitter {signature}\n".encode(),
        _data(commit.message),
    ]
    if parent or number > 1:
        lines.append(f"from {parent or f':{number - 1}'}\n".encode())
    if commit.also_of is not None:
        lines.append(f"merge :{commit.also_of + 1}\n".encode())
    lines += [b"M 100644 inline %s\n%s" % (_quoted(path), _data(text)) for path, text in commit.files.items()]
    return b"".join(lines)


def _data(text: str | bytes) -> bytes:
    raw = text.encode("utf-8") if isinstance(text, str) else text
    return b"data %d\n%s\n" % (len(raw), raw)


def _quoted(path: str | bytes) -> bytes:
    raw = path.encode("utf-8") if isinstance(path, str) else path
    plain = {ord("\\"): b"\\\\", ord('"'): b'\\"', ord("\n"): b"\\n"}
    return b'"' + b"".join(plain.get(byte, bytes([byte])) for byte in raw) + b'"'
