"""Which files belong to the same app as another: a repository may hold several, and copies of old ones."""

from __future__ import annotations

import re

from checks.facts.code.syntax import language_of

#: Folders that an app's entry or settings lie in, within the app's own.
_INNER = frozenset({"src", "app", "server", "lib", "config", "core", "settings", "main", "source", "project", "conf"})
_ASIDE = re.compile(
    r"(^|/)[\w.-]*(backups?|archived?|old|legacy|deprecated|obsolete|unused|trash|attached_assets|to_?delete)[\w.-]*/",
    re.IGNORECASE,
)


def root_of(path: str) -> str:
    """Return the folder of the app that *path* starts or sets up, with a slash at its end; empty for the whole tree."""
    folders = path.split("/")[:-1]
    while folders and folders[-1].lower() in _INNER:
        folders.pop()
    return "".join(f"{folder}/" for folder in folders)


def same_app(path: str, other: str, *, settings: bool = False) -> bool:
    """
    Whether *other* belongs to the app that *path* starts or sets up, by folders and language.

    *settings*: the file lies in a package of its own beside the app's others, as Django's do.
    """
    root = root_of(path)
    if settings and root:
        root = "".join(f"{folder}/" for folder in root.split("/")[:-2])
    mine, theirs = _family(path), _family(other)
    return other.startswith(root) and (mine == theirs or "" in (mine, theirs))


def is_set_aside(path: str) -> bool:
    """Whether *path* lies in a folder of backups or of old code, by the folder's name."""
    return _ASIDE.search(path) is not None


def _family(path: str) -> str:
    language = language_of(path) or ""
    return "python" if language == "python" else "javascript" if language else ""
