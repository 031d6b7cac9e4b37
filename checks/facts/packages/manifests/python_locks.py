"""Lock files of Python: uv.lock, poetry.lock, pdm.lock, pylock.toml (PEP 751) and Pipfile.lock."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from checks.facts.packages.manifests import json_text
from checks.facts.packages.manifests.toml_text import Lines, load
from checks.facts.packages.packages import (
    ELSEWHERE,
    MOST_PACKAGES,
    PYPI,
    Locked,
    Manifest,
    Root,
    Skip,
    Unreadable,
    is_dev,
)

Table = Mapping[str, Any]

_NAME = re.compile(r"[A-Za-z0-9._-]+")
#: Where an entry of uv.lock comes from when it is the app itself or another folder of the repository.
_OWN = ("virtual", "editable", "directory")
_ADDRESSES = ("git", "url", "path", "file", "vcs", "archive")


def read(text: str, kind: str) -> Manifest:
    """Return the packages of *text*, a lock of *kind*; raises Unreadable where it is not what it should be."""
    if kind == "pipfile-lock":
        return _pipfile_lock(text, kind)
    tables, lines = load(text), Lines(text)
    section = "packages" if kind == "pylock" else "package"
    entries = tables.get(section, [])
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) and _name(one) for one in entries):
        raise Unreadable("its packages are not a list of named tables")
    if len(entries) > MOST_PACKAGES:
        raise Unreadable(f"it holds more than {MOST_PACKAGES:,} packages")
    at = lines.headers[section]
    return _packages(kind, entries, [at[index] + 1 if index < len(at) else 1 for index in range(len(entries))])


def _packages(kind: str, entries: Sequence[Table], at: Sequence[int]) -> Manifest:
    """Return the manifest of *entries*; *at* are their lines."""
    kept: dict[int, int] = {}  # position in the file -> position among the locked ones
    skipped = []
    own = []
    for index, entry in enumerate(entries):
        source = _source(entry)
        if kind == "uv-lock" and any(key in source for key in _OWN):
            own.append(entry)
        elif any(key in source for key in _ADDRESSES) or source.get("type") in _ADDRESSES:
            skipped.append(Skip(at[index], f"{_name(entry)} {ELSEWHERE}", open=True))
        elif source.get("type") == "directory" or any(key in source for key in _OWN):
            continue  # a folder of the repository
        elif not isinstance(entry.get("version"), str):
            skipped.append(Skip(at[index], f"{_name(entry)} has no version", open=True))
        else:
            kept[index] = len(kept)
    named: defaultdict[str, list[int]] = defaultdict(list)
    for index in kept:
        named[_name(entries[index])].append(index)
    find = _Finder(entries, named, kept)
    locked = tuple(
        Locked(PYPI, _name(entry), entry["version"], at[index], find.all(_needs(entry)), dev=_says_development(entry))
        for index, entry in enumerate(entries)
        if index in kept
    )
    roots = tuple(root for entry in own for root in _roots(entry, find)) if kind == "uv-lock" else None
    members = tuple(_folder(entry) for entry in own)
    return Manifest(kind, locked=locked, roots=roots, members=("", *members), skipped=tuple(skipped))


class _Finder:
    """Finds the entries that a `dependencies` list of a lock means, as positions among the locked ones."""

    def __init__(self, entries: Sequence[Table], named: Mapping[str, list[int]], kept: Mapping[int, int]) -> None:
        self._entries = entries
        self._named = named
        self._kept = kept

    def all(self, wanted: Iterator[tuple[str, Any]]) -> tuple[int, ...]:
        """Return the positions of *wanted*, (name, version or None); a forked lock holds one name at two versions."""
        found: dict[int, None] = {}
        for name, version in wanted:
            for index in self._named.get(name, ()):
                if version is None or self._entries[index].get("version") == version:
                    found[self._kept[index]] = None
        return tuple(found)


def _roots(own: Table, find: _Finder) -> Iterator[Root]:
    groups: list[tuple[Any, bool]] = [(own.get("dependencies"), False)]
    extras, development = own.get("optional-dependencies"), own.get("dev-dependencies")
    groups += [(content, is_dev(name)) for name, content in _items(extras)]
    groups += [(content, is_dev(name)) for name, content in _items(development)]
    for content, dev in groups:
        yield from (Root(index, dev) for index in find.all(_named(content)))


def _folder(own: Table) -> str:
    place = next((value for key, value in _source(own).items() if key in _OWN and isinstance(value, str)), "")
    return "" if place == "." else place


def _needs(entry: Table) -> Iterator[tuple[str, Any]]:
    wanted = entry.get("dependencies")
    if isinstance(wanted, Mapping):  # poetry.lock: {name = "range"}; its ranges name no entry
        yield from ((canonicalize_name(name), None) for name in wanted)
    else:
        yield from _named(wanted)
    for _, content in _items(entry.get("optional-dependencies")):
        yield from _named(content)


def _named(content: Any) -> Iterator[tuple[str, Any]]:
    """Yield (name, version or None) of a list of tables (uv, PEP 751) or of requirements (pdm)."""
    for one in content if isinstance(content, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("name"), str):
            yield canonicalize_name(one["name"]), one.get("version")
        elif isinstance(one, str):
            name = _NAME.match(one)
            yield canonicalize_name(name[0] if name else one), None


def _says_development(entry: Table) -> bool:
    if entry.get("category") == "dev":  # poetry before 1.5
        return True
    groups = entry.get("groups")  # poetry from 2.0, and pdm
    return isinstance(groups, list) and bool(groups) and all(is_dev(str(group)) for group in groups)


def _source(entry: Table) -> Table:
    """Return where *entry* comes from; PEP 751 writes that into the entry itself."""
    source = entry.get("source")
    if isinstance(source, Mapping):
        return source
    return {key: entry[key] for key in ("vcs", "directory", "archive") if key in entry}


def _name(entry: Table) -> str:
    name = entry.get("name")
    return canonicalize_name(name) if isinstance(name, str) else ""


def _items(content: Any) -> Sequence[tuple[str, Any]]:
    return tuple(content.items()) if isinstance(content, Mapping) else ()


def _pipfile_lock(text: str, kind: str) -> Manifest:
    content, lines = json_text.load(text)
    locked, skipped = [], []
    for section, dev in (("default", False), ("develop", True)):
        for name, entry in _items(content.get(section)):
            line = lines.get((section, name), 1)
            version = entry.get("version") if isinstance(entry, Mapping) else None
            if isinstance(version, str) and version.startswith("=="):
                locked.append(Locked(PYPI, canonicalize_name(name), version.lstrip("="), line, dev=dev))
            else:
                skipped.append(Skip(line, f"{name} {ELSEWHERE}", open=True))
    return Manifest(kind, locked=tuple(locked), skipped=tuple(skipped))
