"""Which files name packages, by their path, and how each is read; a reader that fails makes a Skip, never a crash."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from checks.facts.packages.manifests import (
    bun_lock,
    package_json,
    package_lock,
    pnpm_lock,
    pyproject,
    python_locks,
    requirements,
    setup_files,
    unread,
    yarn_lock,
)
from checks.facts.packages.packages import NPM, PYPI, Manifest, Skip, Unreadable

#: Kind -> reader. A kind is also what the path was recognised as.
READERS: Mapping[str, Callable[[str, str], Manifest]] = {
    "requirements": requirements.read,
    "constraints": requirements.read,
    "pyproject": pyproject.read,
    "pipfile": pyproject.read,
    "setup.py": setup_files.read,
    "setup.cfg": setup_files.read,
    "uv-lock": python_locks.read,
    "poetry-lock": python_locks.read,
    "pdm-lock": python_locks.read,
    "pylock": python_locks.read,
    "pipfile-lock": python_locks.read,
    "package-json": package_json.read,
    "package-lock": package_lock.read,
    "yarn-lock": yarn_lock.read,
    "pnpm-lock": pnpm_lock.read,
    "bun-lock": bun_lock.read,
} | dict.fromkeys(unread.NAMES, unread.read)

#: Kinds that settle which versions are installed -> their ecosystem.
LOCKS = dict.fromkeys(("uv-lock", "poetry-lock", "pdm-lock", "pylock", "pipfile-lock", "constraints"), PYPI) | (
    dict.fromkeys(("package-lock", "yarn-lock", "pnpm-lock", "bun-lock"), NPM)
)

#: Kind -> the ecosystem it speaks of, where that is one that is read.
ECOSYSTEM_OF = (
    LOCKS
    | dict.fromkeys(("requirements", "pyproject", "pipfile", "setup.py", "setup.cfg", "environment.yml"), PYPI)
    | dict.fromkeys(("environment.yaml", "conda-lock.yml"), PYPI)
    | dict.fromkeys(("package-json", "bun.lockb", "deno.lock"), NPM)
)

#: These name only what is asked for directly: without a lock nobody knows what that brings. A requirements file may be
#: complete (pip freeze writes such), and nothing tells.
MANIFESTS_WITHOUT_REST = ("package.json", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg")

_BY_NAME = {
    "pyproject.toml": "pyproject",
    "Pipfile": "pipfile",
    "setup.py": "setup.py",
    "setup.cfg": "setup.cfg",
    "uv.lock": "uv-lock",
    "poetry.lock": "poetry-lock",
    "pdm.lock": "pdm-lock",
    "pylock.toml": "pylock",
    "Pipfile.lock": "pipfile-lock",
    "package.json": "package-json",
    "package-lock.json": "package-lock",
    "npm-shrinkwrap.json": "package-lock",
    "yarn.lock": "yarn-lock",
    "pnpm-lock.yaml": "pnpm-lock",
    "bun.lock": "bun-lock",
} | {name: name for name in unread.NAMES}

# What an installer has put there belongs to the packages themselves.
_INSTALLED = re.compile(r"(^|/)(node_modules|bower_components|site-packages|\.venv|venv|\.tox|\.yarn)/")
_CONSTRAINTS = re.compile(r"(^|/)[^/]*constraints?[^/]*\.txt$", re.IGNORECASE)
_REQUIREMENTS = re.compile(
    r"(^|/)[^/]*requirements?([-_.][^/]*)?\.(txt|in|pip|lock)$|(^|/)requirements?/([^/]+/)?[^/]+\.(txt|in|pip)$",
    re.IGNORECASE,
)


def kind_of(path: str) -> str | None:
    """Return as what *path* is to be read, or None where it names no packages."""
    if _INSTALLED.search(path):
        return None
    name = path.rpartition("/")[2]
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith("pylock.") and name.endswith(".toml"):
        return "pylock"
    if _CONSTRAINTS.search(path):
        return "constraints"
    return "requirements" if _REQUIREMENTS.search(path) else None


def read(text: str, kind: str) -> Manifest:
    """Return what *text* says of packages; a file that cannot be read comes back as one Skip with the reason."""
    try:
        return READERS[kind](text, kind)
    except Unreadable as why:
        reason = f"the file could not be parsed: {why}"
    except Exception as error:  # noqa: BLE001 - hostile text may find a hole in a reader; that must not hide the file
        reason = f"the file could not be parsed ({type(error).__name__})"
    # Which folders an unread lock holds for nobody knows; it may be all.
    return Manifest(kind, members=None, skipped=(Skip(1, reason),))
