"""pyproject.toml (PEP 621 dependencies and extras, PEP 735 groups, Poetry's and PDM's tables) and Pipfile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from checks.facts.packages import versions
from checks.facts.packages.manifests.requirements import requirement
from checks.facts.packages.manifests.toml_text import Lines, load
from checks.facts.packages.packages import ELSEWHERE, PYPI, Declared, Manifest, Reference, Skip, is_dev

Read = Declared | Skip | Reference | None

#: A setup.py or setup.cfg beside may say them after all.
COMPUTED = "the dependencies are computed when the package is built"

_ELSEWHERE = ("git", "url", "file", "hg", "svn", "index", "source", "registry")


def read(text: str, kind: str) -> Manifest:
    """Return what *text* asks for, as *kind* pyproject or pipfile; raises Unreadable where it is no TOML."""
    tables, lines = load(text), Lines(text)
    found = tuple(_pipfile(tables, lines) if kind == "pipfile" else _pyproject(tables, lines))
    return Manifest(
        kind,
        tuple(one for one in found if isinstance(one, Declared)),
        references=tuple(one for one in found if isinstance(one, Reference)),
        skipped=tuple(one for one in found if isinstance(one, Skip)),
        library=kind == "pyproject" and _is_library(tables),
        name=_name(tables),
    )


def _pyproject(tables: Mapping[str, Any], lines: Lines) -> Iterator[Read]:
    project, tool = _table(tables, "project"), _table(tables, "tool")
    sources: dict[str, Any] = {
        canonicalize_name(name): source for name, source in _table(tool, "uv", "sources").items()
    }
    for text, dev in _pep508(tables, project, tool):
        yield _uv_source(requirement(text, lines.of_string(text), dev=dev), sources)
    if "dependencies" in (project.get("dynamic") or ()):
        yield from _dynamic(tool, lines.of_key("project", "dynamic"))
    poetry = _table(tool, "poetry")
    yield from _by_name(_table(poetry, "dependencies"), "tool.poetry.dependencies", lines, dev=False)
    yield from _by_name(_table(poetry, "dev-dependencies"), "tool.poetry.dev-dependencies", lines, dev=True)
    for group, content in _table(poetry, "group").items():
        where = f"tool.poetry.group.{group}.dependencies"
        yield from _by_name(_table(content, "dependencies"), where, lines, dev=is_dev(group))


def _dynamic(tool: Mapping[str, Any], line: int) -> Iterator[Read]:
    """Yield the files that setuptools reads the dependencies from, or a Skip where the build computes them."""
    files = _table(tool, "setuptools", "dynamic", "dependencies").get("file")
    named = [files] if isinstance(files, str) else files if isinstance(files, list) else []
    for file in named:
        yield Reference(str(file), line, "include")
    if not named:
        yield Skip(line, COMPUTED, open=True)


def _pep508(
    tables: Mapping[str, Any], project: Mapping[str, Any], tool: Mapping[str, Any]
) -> Iterator[tuple[str, bool]]:
    """Yield (requirement, whether for development) of every list of PEP 508 requirements in the file."""
    lists: list[tuple[Any, bool]] = [(project.get("dependencies"), False)]
    lists += [(extra, is_dev(name)) for name, extra in _table(project, "optional-dependencies").items()]
    # A group may hold anything; only one that says so by its name is for development.
    # Groups are left out of what is published, so those of a library are for its developers.
    library = _is_library(tables)
    lists += [(group, library or is_dev(name)) for name, group in _table(tables, "dependency-groups").items()]
    lists += [(group, True) for group in _table(tool, "pdm", "dev-dependencies").values()]
    lists += [(_table(tool, "uv").get("dev-dependencies"), True)]
    for content, dev in lists:
        # A group may hold {include-group = "x"}: that group is in the table too.
        yield from ((text, dev) for text in content or () if isinstance(text, str))


def _pipfile(tables: Mapping[str, Any], lines: Lines) -> Iterator[Read]:
    for section, content in tables.items():
        if section in {"source", "requires", "scripts", "pipenv"} or not isinstance(content, Mapping):
            continue
        yield from _by_name(content, section, lines, dev=section != "packages")


def _by_name(content: Mapping[str, Any], table: str, lines: Lines, *, dev: bool) -> Iterator[Read]:
    for name, wanted in content.items():
        if canonicalize_name(name) == "python":
            continue
        line = lines.of_key(table, name)
        for one in wanted if isinstance(wanted, list) else [wanted]:
            yield _one_by_name(canonicalize_name(name), one, line, dev=dev)


def _one_by_name(name: str, wanted: Any, line: int, *, dev: bool) -> Read:
    if isinstance(wanted, Mapping):
        elsewhere = _elsewhere(name, wanted, line, dev=dev)
        if elsewhere is not None:
            return elsewhere
        wanted = wanted.get("version", "*")
    if not isinstance(wanted, str):
        return Skip(line, f"{name} is asked for in a form that is not read here", dev)
    return Declared(PYPI, name, line, _exact(wanted), wanted, dev)


def _elsewhere(name: str, wanted: Mapping[str, Any], line: int, *, dev: bool) -> Skip | Reference | None:
    """Return what a table that names a place of its own, rather than a version, comes to; None where it names none."""
    if isinstance(wanted.get("path"), str):
        return Reference(wanted["path"], line, "folder")
    if any(key in wanted for key in _ELSEWHERE):
        return Skip(line, f"{name} {ELSEWHERE}", dev, open=True)
    return None


def _uv_source(read: Declared | Skip, sources: Mapping[str, Any]) -> Read:
    source = sources.get(read.name) if isinstance(read, Declared) else None
    if not isinstance(read, Declared) or source is None:
        return read
    for one in source if isinstance(source, list) else [source]:
        if isinstance(one, Mapping) and one.get("workspace"):
            return None  # a member of the same repository, whose own pyproject.toml is read
        elsewhere = _elsewhere(read.name, one, read.line, dev=read.dev) if isinstance(one, Mapping) else None
        if elsewhere is not None:
            return elsewhere
    return read


def _exact(wanted: str) -> str | None:
    """Return the one version that Poetry's or Pipenv's *wanted* allows: "==1.2", and for Poetry "1.2" too."""
    version = wanted.strip().removeprefix("===").removeprefix("==").strip()
    parsed = versions.parse(PYPI, version)
    return str(parsed) if parsed is not None else None


def _name(tables: Mapping[str, Any]) -> str:
    named = (_table(tables, "project").get("name"), _table(tables, "tool", "poetry").get("name"))
    return next((canonicalize_name(name) for name in named if isinstance(name, str)), "")


def _is_library(tables: Mapping[str, Any]) -> bool:
    """
    Return whether the file describes a package made to be published.

    It has a build system and says to the index what it is (classifiers, addresses): templates of apps do not.
    """
    project, poetry = _table(tables, "project"), _table(tables, "tool", "poetry")
    if not _table(tables, "build-system") or poetry.get("package-mode") is False:
        return False
    if "Private :: Do Not Upload" in (project.get("classifiers") or poetry.get("classifiers") or ()):
        return False
    return any(project.get(key) for key in ("classifiers", "urls")) or any(
        poetry.get(key) for key in ("classifiers", "homepage", "repository", "urls")
    )


def _table(tables: Any, *names: str) -> Mapping[str, Any]:
    """Return the table under *names*, or an empty one where there is none or something else stands there."""
    for name in names:
        tables = tables.get(name) if isinstance(tables, Mapping) else None
    return tables if isinstance(tables, Mapping) else {}
