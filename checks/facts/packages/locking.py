"""Which lock settles which declared package: by folder, by the name of a compiled file, by a constraints file."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.facts.packages.manifests.kinds import LOCKS
from checks.facts.packages.packages import PYPI, Declared, Manifest


@dataclass(frozen=True, slots=True)
class Settled:
    """The *version* that the lock at *path* says is installed."""

    path: str
    version: str


class Locks:
    """The locks among *parts*, {path: what the file says}."""

    def __init__(self, parts: Mapping[str, Manifest]) -> None:
        self._parts = parts
        self._versions: dict[str, dict[tuple[str, str], str]] = {}
        self._in_folder: defaultdict[str, list[str]] = defaultdict(list)
        for path, manifest in parts.items():
            if manifest.kind in LOCKS and manifest.kind != "constraints":
                self._in_folder[posixpath.dirname(path)].append(path)
                self._versions[path] = {(one.ecosystem, one.name): one.version for one in manifest.locked}
            elif manifest.kind in {"requirements", "constraints"}:
                pinned = (one for one in manifest.declared if one.version is not None)
                self._versions[path] = {(one.ecosystem, one.name): one.version or "" for one in pinned}
        self._constraints = {path: tuple(self._constraints_of(path)) for path in parts}
        #: Names that some manifest asks for directly; a constraints file holds others too.
        self.asked = frozenset(
            one.name for manifest in parts.values() if manifest.kind != "constraints" for one in manifest.declared
        )

    def beside(self, path: str) -> bool:
        """Return whether a lock of Python's stands in the folder of *path*."""
        return any(LOCKS[self._parts[lock].kind] == PYPI for lock in self._in_folder[posixpath.dirname(path)])

    def settle(self, path: str, package: Declared) -> Settled | None:
        """Return which lock says what version of *package*, asked for in *path*, is installed."""
        for lock in self._candidates(path):
            version = self._versions[lock].get((package.ecosystem, package.name))
            if version is not None:
                return Settled(lock, version)
        return None

    def asked_of(self, lock: str) -> Mapping[str, list[bool]]:
        """Return {name: whether each asking is for development} of all that the manifests under *lock* ask for."""
        asked: defaultdict[str, list[bool]] = defaultdict(list)
        ecosystem = LOCKS[self._parts[lock].kind]
        for path, manifest in self._parts.items():
            for package in manifest.declared if lock in self._above(path) else ():
                if package.ecosystem == ecosystem and package.direct:
                    asked[package.name].append(package.dev)
        return asked

    def _candidates(self, path: str) -> Iterator[str]:
        if self._parts[path].kind in {"requirements", "constraints"}:
            yield from self._constraints[path]
            stem, ending = posixpath.splitext(path)
            compiled = f"{stem}.txt"
            if ending == ".in" and compiled in self._versions:
                yield compiled
        yield from self._above(path)

    def _above(self, path: str) -> Iterator[str]:
        """Yield the locks in the folder of *path* and in those above it, nearest first: workspaces share one lock."""
        own = folder = posixpath.dirname(path)
        while True:
            for lock in self._in_folder.get(folder, ()):
                members = self._parts[lock].members
                if members is None or posixpath.relpath(own or ".", folder or ".").removeprefix(".") in members:
                    yield lock
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def _constraints_of(self, path: str) -> Iterator[str]:
        """Yield the constraints files that hold for *path*, also through files it includes; cycles end."""
        waiting, seen = [path], {path}
        while waiting:
            current = waiting.pop()
            for reference in self._parts[current].references:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(current), reference.path))
                if reference.how == "folder" or target in seen or target not in self._versions:
                    continue
                seen.add(target)
                if reference.how == "constraint":
                    yield target
                waiting.append(target)
