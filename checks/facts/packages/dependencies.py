"""
Every package that the repository declares or locks: ecosystem, name, version, where, and how the app gets to it.

Nothing of the repository is executed, resolved or contacted: files are read by name (`manifests.kinds`), and what they
point at is looked up among the files of the same revision only. Whatever could not be used is in `skipped`: a skip is
never a pass. What could not be read of what runs is in `unseen`; what was read and says too little is in `open`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.fact import Collector, Listing
from checks.facts.packages.chains import Reach, reach
from checks.facts.packages.locking import Locks
from checks.facts.packages.manifests.kinds import ECOSYSTEM_OF, kind_of, read
from checks.facts.packages.manifests.pyproject import COMPUTED
from checks.facts.packages.manifests.unread import BINARY_LOCK, NAMES
from checks.facts.packages.packages import PYPI, Declared, Locked, Manifest, Reference, Root, is_dev
from checks.facts.tier import Tier, tier_of

_LONGEST_SHOWN = 60  # characters of one package in a sentence


@dataclass(frozen=True, slots=True)
class Dependency:
    """
    One package as one file names it.

    *version* is exact, or None where the file allows several; *specifier* is what it wrote then. *direct*: the app asks
    for it itself; else *via* names the chain that leads to it, outermost first. *dev*: not part of what runs in front
    of users (a development group, or a file of tests, docs, examples). *settled* is the lock that says which version of
    a declared package is installed, or the manifest of the folder that is the package, *lock* the one that ought to;
    *astray* is the version it has although the file does not allow it. *library*: the file describes a package made to
    be published.
    """

    ecosystem: str
    name: str
    version: str | None
    path: str
    line: int
    specifier: str = ""
    direct: bool = True
    dev: bool = False
    via: tuple[str, ...] = ()
    locked: bool = False
    settled: str | None = None
    library: bool = False
    lock: str | None = None
    astray: str | None = None

    @property
    def as_written(self) -> str:
        """Return name and range as the file writes them, for a person."""
        gap = "" if self.ecosystem == PYPI and not self.specifier[:1].isalnum() else " "
        return f"{self.name}{gap}{self.specifier}".strip()[:_LONGEST_SHOWN]


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing in *path* that could not be used, with the *reason* in words."""

    path: str
    line: int
    reason: str
    dev: bool = False
    open: bool = False

    def __str__(self) -> str:
        """Return it as a person reads it."""
        return f"{self.path}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Dependencies:
    """
    All packages of the revision; *files* are the manifests and locks that were read.

    *own* are the (ecosystem, name) of packages that are folders of the repository. *ecosystems* are those of which some
    file names a package, or something that could not be read.
    """

    packages: tuple[Dependency, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: tuple[str, ...] = ()
    own: frozenset[tuple[str, str]] = frozenset()
    ecosystems: frozenset[str] = frozenset()

    @property
    def unseen(self) -> tuple[str, ...]:
        """What could not be read of what runs, as sentences."""
        return tuple(str(skip) for skip in self.skipped if not skip.dev and not skip.open)

    @property
    def open(self) -> tuple[str, ...]:
        """What the repository itself leaves open of what runs, though it was read, as sentences."""
        return tuple(str(skip) for skip in self.skipped if not skip.dev and skip.open)


def join(parts: Mapping[str, Manifest], listing: Listing) -> Dependencies:
    """Return the packages of all files together: what a lock settles, and how the app gets to what the lock holds."""
    parts = dict(sorted(parts.items()))
    binary = tuple(path for path in sorted(listing.paths) if path.endswith(BINARY_LOCK) and kind_of(path) is not None)
    locks = Locks(parts, binary)
    packages: list[Dependency] = []
    skipped: list[Skipped] = []
    for path, manifest in parts.items():
        aside = _is_aside(path, parts)
        if manifest.kind in {"setup.py", "setup.cfg"} and locks.beside(path):
            continue  # its lock says what it asked for
        packages += _declared(path, parts, locks, aside=aside)
        packages += _locked(path, manifest, locks, aside=aside)
        skipped += (
            Skipped(path, skip.line, skip.reason, skip.dev or aside, skip.open)
            for skip in manifest.skipped
            if skip.reason != COMPUTED or not _has_setup(path, parts)
        )
        skipped += _dangling(path, manifest, parts, listing, aside=aside)
    skipped += (
        Skipped(path, 1, NAMES[BINARY_LOCK], _is_aside(path, parts), open=True) for path in binary if locks.alone(path)
    )
    kinds = {one.kind for one in parts.values() if one.declared or one.locked or one.skipped or one.references}
    ecosystems = frozenset(ECOSYSTEM_OF[kind] for kind in kinds if kind in ECOSYSTEM_OF)
    own = {(ECOSYSTEM_OF[one.kind], one.name): path for path, one in parts.items() if one.name}
    here = (
        one if one.version or one.settled else replace(one, settled=own.get((one.ecosystem, one.name)))
        for one in packages
    )
    return Dependencies(tuple(here), tuple(skipped), tuple(parts), frozenset(own), ecosystems)


def _is_aside(path: str, parts: Mapping[str, Manifest]) -> bool:
    """
    Return whether *path* is not of what runs: in a folder of tests, docs or examples, or a tool's list.

    A requirements file is one by its name (requirements-dev.txt), or beside the pyproject.toml of a library: what the
    library needs stands there, so these are its developers' tools.
    """
    folder, name = posixpath.split(path)
    # By its own name a requirements.txt would be a document. The shell that Capacitor, React Native or Flutter put
    # around an app for telephones is not what runs in front of it.
    if tier_of(posixpath.join(folder, "manifest")) is not Tier.CODE or ("gradle" in name and "/android" in f"/{path}"):
        return True
    if path not in parts or parts[path].kind not in {"requirements", "constraints"}:
        return False
    project = parts.get(posixpath.join(folder, "pyproject.toml"))
    return is_dev(name) or (project is not None and project.library and any(not one.dev for one in project.declared))


def _has_setup(path: str, parts: Mapping[str, Manifest]) -> bool:
    """Return whether a file beside *path*, from which builds read it, says what the package asks for."""
    names = ("setup.py", "setup.cfg", "requirements.txt")
    beside = (parts.get(posixpath.join(posixpath.dirname(path), name)) for name in names)
    return any(one is not None and one.declared for one in beside)


def _is_of_library(path: str, parts: Mapping[str, Manifest]) -> bool:
    """Return whether *path* holds what a library beside it needs, because it names nothing itself."""
    beside = (parts.get(posixpath.join(posixpath.dirname(path), name)) for name in ("setup.py", "pyproject.toml"))
    return any(one is not None and one.library and not any(not need.dev for need in one.declared) for one in beside)


def _declared(path: str, parts: Mapping[str, Manifest], locks: Locks, *, aside: bool) -> Iterator[Dependency]:
    manifest = parts[path]
    for package in manifest.declared:
        settled = locks.settle(path, package)
        version = package.version
        if settled is not None and (version is None or settled.fits):
            # The lock's own entry carries the version; here it would be told twice.
            version = None
        yield Dependency(
            package.ecosystem,
            package.name,
            version,
            path,
            package.line,
            package.specifier,
            direct=package.direct and (manifest.kind != "constraints" or package.name in locks.asked),
            dev=package.dev or aside,
            via=package.via,
            locked=manifest.kind == "constraints",
            settled=settled.path if settled is not None else None,
            library=manifest.library or (manifest.kind == "requirements" and _is_of_library(path, parts)),
            lock=locks.of(path),
            astray=settled.version if settled is not None and not settled.fits and package.direct else None,
        )


def _locked(path: str, manifest: Manifest, locks: Locks, *, aside: bool) -> Iterator[Dependency]:
    if not manifest.locked:
        return
    roots = manifest.roots
    if roots is None:
        roots = tuple(_roots(manifest, locks, locks.asked_of(path)))
    reached = reach(manifest.locked, roots)
    best: dict[tuple[str, str], tuple[Locked, Reach | None]] = {}
    for index, entry in enumerate(manifest.locked):
        known = best.get((entry.name, entry.version))
        if known is None or _closeness(reached.get(index)) < _closeness(known[1]):
            best[entry.name, entry.version] = entry, reached.get(index)
    for entry, way in best.values():
        yield Dependency(
            entry.ecosystem,
            entry.name,
            entry.version,
            path,
            entry.line,
            # Where nothing says what the app asks for, every entry may be what it asks for.
            direct=not roots if way is None else not way.via,
            dev=aside or entry.dev or (way is not None and way.dev),
            via=way.via if way is not None else (),
            locked=True,
        )


def _roots(manifest: Manifest, locks: Locks, asked: Mapping[str, list[Declared]]) -> Iterator[Root]:
    """Yield what the manifests ask for; where no version of a name fits, each of them may be what is installed."""
    named = [(index, entry, asked[entry.name]) for index, entry in enumerate(manifest.locked) if entry.name in asked]
    fitting = {entry.name for _, entry, asking in named if any(locks.means(one, entry) for one in asking)}
    for index, entry, asking in named:
        means = [one.dev for one in asking if entry.name not in fitting or locks.means(one, entry)]
        if entry.top and means:
            yield Root(index, all(means))


def _closeness(way: Reach | None) -> tuple[bool, bool, int]:
    return (way is None, way is not None and way.dev, len(way.via) if way is not None else 0)


def _dangling(
    path: str, manifest: Manifest, parts: Mapping[str, Any], listing: Listing, *, aside: bool
) -> Iterator[Skipped]:
    """Yield what *manifest* points at and nobody read: outside the tree, missing, or of another name."""
    for reference in manifest.references:
        reason = _why_unread(path, reference, parts, listing)
        if reason is not None:
            yield Skipped(path, reference.line, reason, aside, open=True)


def _why_unread(path: str, reference: Reference, parts: Mapping[str, Any], listing: Listing) -> str | None:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference.path))
    if target.startswith(("/", "..")) or ":" in reference.path:
        return "it points outside the repository, where nothing is read"
    if reference.how != "folder":
        if target in parts:
            return None
        return "it includes a file that is not " + ("read here" if target in listing.paths else "in the repository")
    manifests = ("pyproject.toml", "setup.py", "setup.cfg", "package.json")
    if any(posixpath.normpath(posixpath.join(target, name)) in parts for name in manifests):
        return None  # a folder of the repository, whose own manifest is read
    return "it installs a folder that holds no manifest that is read here"


source = Collector(
    fact=Dependencies,
    part=Manifest,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=("packaging",),
    largest=16 * 1024 * 1024,
)
