"""bun.lock, bun's text lock file: JSON with trailing commas (https://bun.com/docs/pm/lockfile)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checks.facts.packages.manifests.json_text import load, without_comments
from checks.facts.packages.packages import ELSEWHERE, MOST_PACKAGES, NPM, Locked, Manifest, Root, Skip, Unreadable

_RESOLVED = re.compile(r"^((?:@[^/@]+/)?[^@]+)@(.+)$")
_FOLDER = ("workspace:", "file:", "link:", "root:")


def read(text: str, kind: str) -> Manifest:
    """Return the packages of *text*; raises Unreadable where it is no such file or holds too many."""
    content, lines = load(without_comments(text))
    packages = content.get("packages")
    packages = packages if isinstance(packages, Mapping) else {}
    if len(packages) > MOST_PACKAGES:
        raise Unreadable(f"it holds more than {MOST_PACKAGES:,} packages")
    skipped: list[Skip] = []
    kept: dict[str, tuple[str, str, tuple[str, ...]]] = {}  # key -> (name, version, names it asks for)
    for key, entry in packages.items():
        first = entry[0] if isinstance(entry, list) and entry else None
        match = _RESOLVED.match(first) if isinstance(first, str) else None
        if match is not None and match[2].startswith(_FOLDER):
            continue
        if match is None or not match[2][0].isdigit():
            skipped.append(Skip(lines.get(("packages", key), 1), f"{key} {ELSEWHERE}", open=True))
        else:
            kept[key] = (match[1], match[2], tuple(_asks(entry)))
    position = {key: index for index, key in enumerate(kept)}
    locked = tuple(
        Locked(NPM, name, version, lines.get(("packages", key), 1), _found(key, asks, position), top=_is_top(key))
        for key, (name, version, asks) in kept.items()
    )
    workspaces = content.get("workspaces")
    members = tuple(workspaces) if isinstance(workspaces, Mapping) else ("",)
    roots = tuple(_roots(workspaces, position))
    return Manifest(kind, locked=locked, roots=roots, members=members, skipped=tuple(skipped))


def _asks(entry: list[Any]) -> Iterator[str]:
    for part in entry[1:]:
        for section in ("dependencies", "optionalDependencies"):
            asked = part.get(section) if isinstance(part, Mapping) else None
            yield from asked if isinstance(asked, Mapping) else ()


def _is_top(key: str) -> bool:
    return key.count("/") == (1 if key.startswith("@") else 0)


def _found(key: str, asks: tuple[str, ...], position: Mapping[str, int]) -> tuple[int, ...]:
    """Return what *key* means by *asks*: "a/b" is the b that only a sees, "b" everybody's."""
    found: dict[int, None] = {}
    for name in asks:
        folder = key
        while folder and f"{folder}/{name}" not in position:
            folder = folder.rpartition("/")[0]
        index = position.get(f"{folder}/{name}" if folder else name)
        if index is not None:
            found[index] = None
    return tuple(found)


def _roots(workspaces: Any, position: Mapping[str, int]) -> Iterator[Root]:
    sections = (("dependencies", False), ("optionalDependencies", False), ("devDependencies", True))
    for workspace in workspaces.values() if isinstance(workspaces, Mapping) else ():
        for section, dev in sections:
            asked = workspace.get(section) if isinstance(workspace, Mapping) else None
            if isinstance(asked, Mapping):
                own = str(workspace.get("name", ""))  # a workspace may hold a version of its own: "name/package"
                yield from (Root(index, dev) for index in _found(own, tuple(asked), position))
