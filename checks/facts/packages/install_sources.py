"""Where the repository has packages installed from: the indexes and registries that its own files name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.packages.manifests.kinds import kind_of as manifest_kind
from checks.facts.packages.packages import NPM, PYPI

_REQUIREMENT = re.compile(r"^\s*(-i|--index-url|--extra-index-url)[\s=]+(\S+)")
_NPMRC = re.compile(r"^\s*(?:(@[\w.~-]+):)?registry\s*=\s*(\S+)")
_PIP_CONF = re.compile(r"^\s*(index-url|extra-index-url)\s*=\s*(\S+)")
_TABLE = re.compile(r"^\s*\[\[\s*tool\.(uv\.index|poetry\.source|pdm\.source)\s*\]\]")
_ADDRESS = re.compile(r"""^\s*url\s*=\s*["'](\S+)["']""")
_RANK = re.compile(
    r"""^\s*(?:explicit\s*=\s*true|priority\s*=\s*["'](explicit|primary|default)["']|default\s*=\s*true)"""
)
_HOST = re.compile(r"^(https?)://(?:[^/@\s]*@)?([\w.-]+(?::\d+)?)")
_LONGEST = 1_000  # characters of a line that names an address


@dataclass(frozen=True, slots=True)
class InstallSource:
    """
    One place beside the usual index, by its *host*; *scope* is the npm scope it is for.

    *only*: packages come from there alone; *named*: only those that say so. *plain*: it is asked without https.
    """

    ecosystem: str
    host: str
    line: int
    scope: str = ""
    only: bool = False
    named: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class SourcesOfFile:
    """The places that one file names."""

    sources: tuple[InstallSource, ...]


@dataclass(frozen=True, slots=True)
class InstallSources:
    """
    The places that the repository's files name, by path.

    *scopes* are npm's scopes that go to a registry of their own; *elsewhere* are the manifests whose packages do not
    come from the usual index, *beside* those whose packages may come from another one too.
    """

    by_path: Mapping[str, tuple[InstallSource, ...]]
    scopes: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it names no place to install from."""
    name = posixpath.basename(path)
    if name in {".npmrc", "pip.conf", "pip.ini"}:
        return "pip.conf" if name.startswith("pip") else name
    kind = manifest_kind(path)
    return kind if kind in {"requirements", "constraints", "pyproject"} else None


def read(text: str, kind: str) -> SourcesOfFile | None:
    """Return the places that *text*, of *kind*, names; None where it names none."""
    readers = {".npmrc": _npmrc, "pip.conf": _pip_conf, "pyproject": _pyproject}
    found = tuple(readers.get(kind, _requirements)(text))
    return SourcesOfFile(found) if found else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if len(line) <= _LONGEST)


def _requirements(text: str) -> Iterator[InstallSource]:
    for number, line in _lines(text):
        match = _REQUIREMENT.match(line)
        if match is not None:
            yield from _at(PYPI, match[2], number, only="extra" not in match[1])


def _pip_conf(text: str) -> Iterator[InstallSource]:
    for number, line in _lines(text):
        match = _PIP_CONF.match(line)
        if match is not None:
            yield from _at(PYPI, match[2], number, only="extra" not in match[1])


def _npmrc(text: str) -> Iterator[InstallSource]:
    for number, line in _lines(text):
        match = _NPMRC.match(line)
        if match is not None:
            yield from _at(NPM, match[2], number, scope=match[1] or "", only=True)


def _pyproject(text: str) -> Iterator[InstallSource]:
    """Yield each index that a table names; it may be for named packages only, or take the usual one's place."""
    address, rank, start = "", "", 0
    for number, line in [*_lines(text), (0, "[")]:
        if line.lstrip().startswith("["):
            if address:
                yield from _at(PYPI, address, start, only=rank in {"primary", "default"}, named=rank == "explicit")
            address, rank, start = "", "", number if _TABLE.match(line) else 0
        elif start:
            named, ranked = _ADDRESS.match(line), _RANK.match(line)
            address = named[1] if named is not None else address
            if ranked is not None:
                rank = ranked[1] or ("explicit" if "explicit" in line else "default")


def _at(
    ecosystem: str, address: str, line: int, *, scope: str = "", only: bool = False, named: bool = False
) -> Iterator[InstallSource]:
    host = _HOST.match(address.strip("\"'"))
    if host is not None:
        yield InstallSource(ecosystem, host[2], line, scope, only, named, host[1] == "http")


def join(parts: Mapping[str, SourcesOfFile], listing: Listing) -> InstallSources:
    """Return the places, and which manifests they hold for: those of a configuration file in its folder and below."""
    by_path = {path: part.sources for path, part in sorted(parts.items())}
    scopes: set[str] = set()
    elsewhere: set[str] = set()
    beside: set[str] = set()
    manifests = [path for path in listing.paths if manifest_kind(path) is not None]
    for path, sources in by_path.items():
        folder = posixpath.dirname(path)
        own = manifest_kind(path) is not None
        below = [path] if own else [one for one in manifests if not folder or one.startswith(f"{folder}/")]
        for source in sources:
            if source.scope:
                scopes.add(source.scope)
            elif not source.named:
                of_it = (
                    one for one in below if (posixpath.basename(one) == "package.json") == (source.ecosystem == NPM)
                )
                (elsewhere if source.only else beside).update(of_it)
    return InstallSources(by_path, frozenset(scopes), frozenset(elsewhere), frozenset(beside))


source = Collector(fact=InstallSources, part=SourcesOfFile, kind_of=kind_of, read=read, join=join)
