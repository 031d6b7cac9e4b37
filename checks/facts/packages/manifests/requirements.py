"""
Requirements files of pip: requirements*.txt, *.in and constraints*.txt, read line by line and never followed.

The line rules are pip's (continuations, comments, options; https://pip.pypa.io/en/stable/reference/requirements-file-format/).
pip itself would run setup.py, read any `-r /path` and call any `--index-url`; here such lines are only named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from checks.facts.packages.packages import ELSEWHERE, MOST_PACKAGES, PYPI, Declared, Manifest, Reference, Skip

#: A requirement with a dozen hashes is 1,500 characters; they are cut off before this is measured.
LONGEST = 4_000

_COMMENT = re.compile(r"(^|\s)#.*$")
_INCLUDE = re.compile(r"(?:-r|--requirement|(-c|--constraint))(?:\s+|=|(?<=-[rc]))(\S.*)$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=)(\S.*)$")
_INDEX = re.compile(r"(-i|--index-url|--extra-index-url|-f|--find-links)\b")
_HARMLESS = re.compile(
    r"--(no-index|pre|prefer-binary|require-hashes|trusted-host|use-feature|no-binary|only-binary|hash"
    r"|no-build-isolation|use-pep517|timeout|retries)\b"
)
_PER_REQUIREMENT = re.compile(r"\s--(hash|global-option|config-settings?|install-option)\b.*$")
_ADDRESS = re.compile(r"^(git|hg|svn|bzr)\+|^[a-z][a-z0-9+.-]*://|\s@\s*\S+:|\.(whl|zip|tar\.gz|tgz)$", re.IGNORECASE)
_FOLDER = re.compile(r"^(\.{0,2}/|\.{1,2}(\[|$)|file:)")
_VIA = re.compile(r"^\s*#\s+via(?:\s+(?P<one>\S.*))?$")
_MORE = re.compile(r"^\s+#\s{2,}(?P<name>\S.*)$")


def read(text: str, kind: str) -> Manifest:
    """Return what the requirements file *text* asks for; every line that names nothing usable is a Skip."""
    declared: list[Declared] = []
    references: list[Reference] = []
    skipped: list[Skip] = []
    for line, logical, via in _logical_lines(text):
        if len(declared) + len(skipped) + len(references) >= MOST_PACKAGES:
            skipped.append(Skip(line, f"only the first {MOST_PACKAGES:,} lines are read"))
            break
        match _read_line(logical, line, via):
            case Declared() as package:
                declared.append(package)
            case Reference() as reference:
                references.append(reference)
            case Skip() as skip:
                skipped.append(skip)
    return Manifest(kind, tuple(declared), references=tuple(references), skipped=tuple(skipped))


def requirement(text: str, line: int, *, dev: bool = False, via: tuple[str, ...] = ()) -> Declared | Skip:
    """Return the PEP 508 requirement *text* as a Declared package, or the Skip that says why it is none."""
    if len(text) > LONGEST:
        return Skip(line, f"the line is longer than {LONGEST:,} characters")
    try:
        asked = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return Skip(line, "the line is not a requirement that can be read", dev)
    if asked.url is not None:
        return Skip(line, f"{asked.name} {ELSEWHERE}", dev, open=True)
    direct = not via or any(_names_a_file(name) for name in via)
    names = tuple(name for name in via if not _names_a_file(name))
    version = exact_version(asked)
    return Declared(PYPI, canonicalize_name(asked.name), line, version, str(asked.specifier), dev, direct, names)


def exact_version(asked: Requirement) -> str | None:
    """Return the one version that *asked* allows (`==1.2`, `===1.2`), or None; `==1.*` allows many."""
    for one in asked.specifier:
        if one.operator in {"==", "==="} and not one.version.endswith(".*"):
            try:
                return str(Version(one.version))
            except InvalidVersion:
                return one.version
    return None


def _names_a_file(via: str) -> bool:
    return via.startswith(("-r", "-c")) or "(pyproject.toml)" in via or "(setup.py)" in via


def _read_line(logical: str, line: int, via: tuple[str, ...]) -> Declared | Reference | Skip | None:
    """Return what one logical line holds; None for an option that names no package."""
    if len(logical) > LONGEST * 20:
        return Skip(line, f"the line is longer than {LONGEST * 20:,} characters")
    if "${" in logical:
        return Skip(line, "the line is filled in from the environment", open=True)
    if logical.startswith("-"):
        return _read_option(logical, line)
    target = _PER_REQUIREMENT.sub("", logical).strip()
    if _FOLDER.match(target) and "://" not in target:
        return _folder(target, line)
    if _ADDRESS.search(target.partition(";")[0].strip()):
        return Skip(line, f"the package {ELSEWHERE}", open=True)
    return requirement(target, line, via=via)


def _read_option(logical: str, line: int) -> Reference | Skip | None:
    include = _INCLUDE.match(logical)
    if include is not None:
        return Reference(include[2].strip(), line, "constraint" if include[1] else "include")
    editable = _EDITABLE.match(logical)
    if editable is not None:
        if _ADDRESS.search(editable[1]):
            return Skip(line, f"the package {ELSEWHERE}", open=True)
        return _folder(editable[1], line)
    if _INDEX.match(logical):
        return Skip(line, "packages come from another index than usual, which advisories may not cover", open=True)
    return None if _HARMLESS.match(logical) else Skip(line, "the option is not known here")


def _folder(target: str, line: int) -> Reference:
    return Reference(target.removeprefix("file:").partition("[")[0].partition(";")[0].strip(), line, "folder")


def _logical_lines(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield (line, text without comment and continuation, what needs it by the comments of a compiled file)."""
    physical = text.removeprefix("\ufeff").splitlines()
    held: list[str] = []
    start = 0
    for number, raw in enumerate(physical, 1):
        start = start or number
        if raw.endswith("\\") and not raw.lstrip().startswith("#"):
            held.append(raw[:-1])
            if number < len(physical):
                continue
            raw = ""  # noqa: PLW2901 - the file ends in a continuation
        logical = _COMMENT.sub("", "".join([*held, raw])).strip()
        if logical:
            yield start, logical, _via(physical, number)
        held, start = [], 0


def _via(physical: list[str], after: int) -> tuple[str, ...]:
    """Return what pip-compile or uv say, in the comment after line *after* (from 1), needs the requirement."""
    first = _VIA.match(physical[after]) if after < len(physical) else None
    if first is None:
        return ()
    if first["one"]:
        return tuple(name.strip() for name in first["one"].split(",") if name.strip())
    names: list[str] = []
    for raw in physical[after + 1 :]:
        more = _MORE.match(raw)
        if more is None:
            break
        names.append(more["name"].strip())
    return tuple(names)
