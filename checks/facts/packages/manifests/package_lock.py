"""package-lock.json and npm-shrinkwrap.json, versions 1 to 3 (https://docs.npmjs.com/cli/configuring-npm/package-lock-json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.facts.packages.manifests.json_text import Lines, load
from checks.facts.packages.packages import ELSEWHERE, MOST_PACKAGES, NPM, Locked, Manifest, Root, Skip, Unreadable

_MODULES = "node_modules/"
_ADDRESS = ("git", "file:", "github:", "http://github.com", "https://codeload.github.com", "https://github.com")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One package at *place* ("node_modules/a/node_modules/b"), with the names it *asks* for."""

    place: str
    name: str
    version: str
    line: int
    asks: tuple[str, ...]
    dev: bool


def read(text: str, kind: str) -> Manifest:
    """Return the packages of *text*; raises Unreadable where it is no such file or holds too many."""
    content, lines = load(text)
    packages = content.get("packages")
    skipped: list[Skip] = []
    if isinstance(packages, Mapping):
        entries = list(_of_packages(packages, lines, skipped))
    else:
        entries = list(_of_tree(content.get("dependencies") or {}, "", (), lines, skipped))
    by_place = {entry.place: index for index, entry in enumerate(entries)}
    locked = tuple(
        Locked(
            NPM,
            entry.name,
            entry.version,
            entry.line,
            _found(entry.place, entry.asks, by_place),
            top=entry.place.count(_MODULES) == 1,
            dev=entry.dev,
        )
        for entry in entries
    )
    if not isinstance(packages, Mapping):
        return Manifest(kind, locked=locked, skipped=tuple(skipped))
    members = tuple(place for place in packages if _MODULES not in place)
    roots = tuple(_roots(packages, by_place))
    return Manifest(kind, locked=locked, roots=roots, members=members, skipped=tuple(skipped))


def _of_packages(packages: Mapping[str, Any], lines: Lines, skipped: list[Skip]) -> Iterator[_Entry]:
    """Yield the entries of a file of version 2 or 3: {place: package}."""
    if len(packages) > MOST_PACKAGES:
        raise Unreadable(f"it holds more than {MOST_PACKAGES:,} packages")
    for place, package in packages.items():
        line = lines.get(("packages", place), 1)
        # Outside node_modules stand the app and its workspaces; a link points at one of these.
        if _MODULES not in place or not isinstance(package, Mapping) or package.get("link"):
            continue
        name = package.get("name") or place.rpartition(_MODULES)[2]
        entry = _entry(place, str(name), package, package.get("dependencies"), line)
        if isinstance(entry, Skip):
            skipped.append(entry)
        else:
            yield entry


def _of_tree(tree: Any, place: str, path: tuple[str, ...], lines: Lines, skipped: list[Skip]) -> Iterator[_Entry]:
    """Yield the entries of a file of version 1: packages nested as the folders are. Its depth was bounded by `load`."""
    for name, package in tree.items() if isinstance(tree, Mapping) else ():
        here = f"{place}/{_MODULES}{name}".lstrip("/")
        steps = (*path, "dependencies", name)
        if not isinstance(package, Mapping):
            skipped.append(Skip(1, f"{name} stands there in a form that is not read"))
            continue
        version = str(package.get("version", ""))
        alias, _, behind = version.removeprefix("npm:").rpartition("@")
        called = alias if version.startswith("npm:") and alias else name
        plain = {**package, "version": behind} if called != name else package
        entry = _entry(here, called, plain, package.get("requires"), lines.get(steps, 1))
        if isinstance(entry, Skip):
            skipped.append(entry)
        else:
            yield entry
        yield from _of_tree(package.get("dependencies") or {}, here, steps, lines, skipped)


def _entry(place: str, name: str, package: Mapping[str, Any], asks: Any, line: int) -> _Entry | Skip:
    version = package.get("version")
    resolved, dev = package.get("resolved"), bool(package.get("dev"))
    if isinstance(resolved, str) and resolved.startswith(_ADDRESS):
        return Skip(line, f"{name} {ELSEWHERE}", dev, open=True)
    if not isinstance(version, str) or not version[:1].isdigit():
        return Skip(line, f"{name} has no version of the registry", dev, open=True)
    optional = package.get("optionalDependencies")
    wanted = [*(asks if isinstance(asks, Mapping) else ()), *(optional if isinstance(optional, Mapping) else ())]
    return _Entry(place, name, version, line, tuple(wanted), dev)


def _found(place: str, asks: tuple[str, ...], by_place: Mapping[str, int]) -> tuple[int, ...]:
    """Return where node finds what *place* asks for: in its own node_modules, else in each folder above."""
    found: dict[int, None] = {}
    for name in asks:
        folder = place
        while True:
            index = by_place.get(f"{folder}/{_MODULES}{name}".lstrip("/"))
            if index is not None:
                found[index] = None
            if index is not None or not folder:
                break
            folder = folder.rpartition(_MODULES)[0].rstrip("/") if _MODULES in folder else ""
    return tuple(found)


def _roots(packages: Mapping[str, Any], by_place: Mapping[str, int]) -> Iterator[Root]:
    """Yield what the app and its workspaces ask for themselves."""
    sections = (("dependencies", False), ("optionalDependencies", False), ("devDependencies", True))
    for place, package in packages.items():
        if _MODULES in place or not isinstance(package, Mapping):
            continue
        for section, dev in sections:
            asked = package.get(section)
            if isinstance(asked, Mapping):
                yield from (Root(index, dev) for index in _found(place, tuple(asked), by_place))
