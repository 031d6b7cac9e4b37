"""
What one manifest or lock file says of packages: the part that each reader of `checks.facts.packages.manifests` returns.

A *manifest* asks for packages (requirements.txt, pyproject.toml, package.json): its lines are Declared. A *lock* says
which versions are installed (uv.lock, package-lock.json): its entries are Locked. Whatever a reader meets and cannot
use becomes a Skip: nothing is dropped in silence, because what was not seen is never a pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PYPI = "PyPI"  # ecosystems are spelled as OSV spells them
NPM = "npm"

#: More entries than any real file has; a file that holds more is said to be unread rather than half read.
MOST_PACKAGES = 50_000

_DEV = re.compile(
    r"(^|[._/-])(dev|develop|development|devel|tests?|testing|e2e|lint|linting|linters?|docs?|documentation|ci|typing"
    r"|types|mypy|typecheck|debug|bench|benchmarks?|tox|nox|pre-commit|examples?|build|release|quality|format)"
    r"([._/-]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """
    One package that a manifest asks for.

    *version* only where exactly one is allowed. *direct* False and *via* where a compiled file names what needs it.
    *dev*: not part of what runs in front of users. *line* from 1.
    """

    ecosystem: str
    name: str
    line: int
    version: str | None = None
    specifier: str = ""
    dev: bool = False
    direct: bool = True
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locked:
    """
    One package at one version in a lock file; *needs* are positions of other entries of the same file.

    *top*: a manifest that asks for this name means this entry. *dev*: the file itself says it is for development only.
    """

    ecosystem: str
    name: str
    version: str
    line: int
    needs: tuple[int, ...] = ()
    top: bool = True
    dev: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """One entry of a lock (by its position) that the app asks for itself, *dev* for development only."""

    index: int
    dev: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file or folder that a manifest points at, as it writes it; *how* is include, constraint or folder."""

    path: str
    line: int
    how: str


@dataclass(frozen=True, slots=True)
class Skip:
    """
    One thing that a reader could not use; the *reason* is for people. *dev*: it is for development only.

    *open*: it was read, and says too little (an address instead of a version); else it could not be read at all.
    """

    line: int
    reason: str
    dev: bool = False
    open: bool = False


#: Why a package that is fetched from where its author says cannot be matched, behind its name.
ELSEWHERE = "comes from an address of its own, which no advisory covers"


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    All that one file says.

    *roots* is None where a lock does not say what was asked for directly: then the manifests beside it do. *members*
    are the folders that a lock holds for, from its own (""), or None where it does not say: then all below it.
    *library*: the file describes a package made to be published, which ought to keep its ranges open; *name* is what
    the file calls it, or the app.
    """

    kind: str
    declared: tuple[Declared, ...] = ()
    locked: tuple[Locked, ...] = ()
    roots: tuple[Root, ...] | None = None
    members: tuple[str, ...] | None = ("",)
    references: tuple[Reference, ...] = ()
    skipped: tuple[Skip, ...] = ()
    library: bool = False
    name: str = ""


class Unreadable(Exception):  # noqa: N818 - it is an outcome of a reader, not an error of ours
    """A file could not be read; the text says why in words for people, without quoting the file."""


def is_dev(name: str) -> bool:
    """Return whether *name* (of a file, a group or an extra) says that its packages are for development."""
    return _DEV.search(name) is not None
