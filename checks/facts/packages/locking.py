"""Which lock settles which declared package: by folder, by the name of a compiled file, by a constraints file."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checks.facts.packages.manifests.kinds import ECOSYSTEM_OF, LOCKS, MANIFESTS_WITHOUT_REST
from checks.facts.packages.packages import NPM, PYPI, Declared, Locked, Manifest, is_dev
from checks.facts.packages.ranges import bounds_of
from checks.facts.packages.versions import parse


@dataclass(frozen=True, slots=True)
class Settled:
    """The *version* that the lock at *path* says is installed; *fits*: it is one that the manifest allows."""

    path: str
    version: str
    fits: bool = True


def _by_name(packages: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    """Return {(ecosystem, name): its versions} of *packages*, (ecosystem, name, version)."""
    found: dict[tuple[str, str], list[str]] = {}
    for ecosystem, name, version in packages:
        found.setdefault((ecosystem, name), []).append(version)
    return found


def _upwards(path: str) -> Iterator[str]:
    """Yield the folder of *path*, then those above it, the last being ""."""
    while path:
        path = posixpath.dirname(path)
        yield path


class Locks:
    """The locks among *parts*, {path: what the file says}; *binary* are those of bun that nothing reads."""

    def __init__(self, parts: Mapping[str, Manifest], binary: tuple[str, ...] = ()) -> None:
        self._parts = parts
        self._binary = {posixpath.dirname(path): path for path in binary}
        self._versions: dict[str, dict[tuple[str, str], list[str]]] = {}
        self._in_folder: defaultdict[str, list[str]] = defaultdict(list)
        for path, manifest in parts.items():
            if manifest.kind in LOCKS and manifest.kind != "constraints":
                self._in_folder[posixpath.dirname(path)].append(path)
                # What stands at the top first: that is what a manifest means by a name.
                ordered = sorted(manifest.locked, key=lambda one: not one.top)
                self._versions[path] = _by_name((one.ecosystem, one.name, one.version) for one in ordered)
            elif manifest.kind in {"requirements", "constraints"}:
                pinned = (one for one in manifest.declared if one.version is not None)
                self._versions[path] = _by_name((one.ecosystem, one.name, one.version or "") for one in pinned)
        self._overridden = {
            one.name
            for manifest in parts.values()
            if manifest.kind == "package-json"
            for one in manifest.declared
            if not one.direct
        }
        #: Requirements files that pin all they name, as `pip freeze` and compilers write them, by folder.
        self._frozen: defaultdict[str, list[str]] = defaultdict(list)
        for path, manifest in parts.items():
            pins = [one.version for one in manifest.declared]
            if manifest.kind == "requirements" and pins and None not in pins and not is_dev(posixpath.basename(path)):
                self._frozen[posixpath.dirname(path)].append(path)
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
            versions = self._versions[lock].get((package.ecosystem, package.name))
            if versions:
                fitting = next((one for one in versions if self._fits(package, one)), None)
                return Settled(lock, fitting or versions[0], fits=fitting is not None)
        return None

    def of(self, path: str) -> str | None:
        """Return the lock that ought to settle what *path* asks for, whether it does or not."""
        if self._parts[path].kind in LOCKS:
            return None
        ecosystem = ECOSYSTEM_OF.get(self._parts[path].kind)
        found = next((lock for lock in self._candidates(path) if self._ecosystem(lock) == ecosystem), None)
        if found is None and ecosystem == NPM:
            return next((self._binary[folder] for folder in _upwards(path) if folder in self._binary), None)
        return found

    def alone(self, binary: str) -> bool:
        """Return whether no lock that is read stands beside the lock *binary*."""
        return not any(self._ecosystem(lock) == NPM for lock in self._in_folder[posixpath.dirname(binary)])

    def _ecosystem(self, lock: str) -> str | None:
        return ECOSYSTEM_OF.get(self._parts[lock].kind)

    def _fits(self, package: Declared, version: str) -> bool:
        """Return whether the manifest that asks for *package* allows *version*; where its range is not read, yes."""
        if package.version is not None:
            here = parse(package.ecosystem, version)
            return version == package.version or (
                here is not None and here == parse(package.ecosystem, package.version)
            )
        bounds = bounds_of(package.ecosystem, package.specifier)
        if bounds is None or package.name in self._overridden:
            return True
        low, here, above = (parse(package.ecosystem, one) for one in (bounds.low, version, bounds.above))
        return None in (low, here, above) or bool(low <= here < above)

    def asked_of(self, lock: str) -> Mapping[str, list[Declared]]:
        """Return by name all that the manifests under *lock* ask for themselves."""
        asked: defaultdict[str, list[Declared]] = defaultdict(list)
        ecosystem = LOCKS[self._parts[lock].kind]
        for path, manifest in self._parts.items():
            for package in manifest.declared if lock in self._above(path) else ():
                if package.ecosystem == ecosystem and package.direct:
                    asked[package.name].append(package)
        return asked

    def means(self, package: Declared, entry: Locked) -> bool:
        """Return whether a manifest that asks for *package* means *entry*, of all versions that a lock has of it."""
        return entry.top and self._fits(package, entry.version)

    def _candidates(self, path: str) -> Iterator[str]:
        if self._parts[path].kind in {"requirements", "constraints"}:
            yield from self._constraints[path]
            stem, ending = posixpath.splitext(path)
            compiled = f"{stem}.txt"
            if ending == ".in" and compiled in self._versions:
                yield compiled
        yield from self._above(path)
        if posixpath.basename(path) in MANIFESTS_WITHOUT_REST:
            yield from self._frozen.get(posixpath.dirname(path), ())

    def _above(self, path: str) -> Iterator[str]:
        """Yield the locks in the folder of *path* and in those above it, nearest first: workspaces share one lock."""
        own = posixpath.dirname(path)
        for folder in _upwards(path):
            for lock in self._in_folder.get(folder, ()):
                members = self._parts[lock].members
                if members is None or posixpath.relpath(own or ".", folder or ".").removeprefix(".") in members:
                    yield lock

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
