"""
pnpm-lock.yaml, versions 5 to 9, read line by line: the keys of `packages` name every package with its version.

A YAML parser would bring its bombs (the C loader dies on 50,000 brackets) for a file that pnpm writes in one form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from checks.facts.packages.manifests.pnpm_importers import wanted
from checks.facts.packages.packages import ELSEWHERE, MOST_PACKAGES, NPM, Locked, Manifest, Root, Skip, Unreadable

_SECTION = re.compile(r"^(\w+):")
# "/lodash/4.17.20" (5), "/lodash@4.17.20(react@18.2.0)" (6), "@babel/core@7.0.0" (9)
_PACKAGE = re.compile(r"/?((?:@[^/@\s]+/)?[^/@\s]+)[@/](\d[^(\s_]*)")
_GROUP = re.compile(r"^    (dependencies|optionalDependencies):$")
_NEED = re.compile(r"^      '?((?:@[^/'\s]+/)?[^'\s:]+)'?: '?/?([^'\s]+)'?$")
_DEV = re.compile(r"^    dev: true$")


def read(text: str, kind: str) -> Manifest:
    """Return the packages of *text*; raises Unreadable where it is no lock of pnpm or holds too many."""
    if "lockfileVersion" not in text[:2_000]:
        raise Unreadable("it does not look like a lock of pnpm")
    found: dict[tuple[str, str], int] = {}  # (name, version) -> line
    needs: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    dev: set[tuple[str, str]] = set()
    skipped: list[Skip] = []
    for number, line, package in _lines(text, skipped):
        if line is None:
            found.setdefault(package, number)
        elif _DEV.match(line):
            dev.add(package)
        else:
            need = _NEED.match(line)
            if need is not None:
                needs[package].append((need[1], need[2].partition("(")[0].partition("_")[0]))
    if len(found) > MOST_PACKAGES:
        raise Unreadable(f"it holds more than {MOST_PACKAGES:,} packages")
    position = {package: index for index, package in enumerate(found)}
    locked = tuple(
        Locked(
            NPM,
            *package,
            line,
            tuple(dict.fromkeys(position[need] for need in needs[package] if need in position)),
            dev=package in dev,
        )
        for package, line in found.items()
    )
    roots = tuple(dict.fromkeys(_roots(text, position)))
    # What only a folder of the workspace stands for is no entry; then the manifests beside say what is asked for.
    return Manifest(kind, locked=locked, roots=roots or None, members=None, skipped=tuple(skipped))


def _roots(text: str, position: Mapping[tuple[str, str], int]) -> Iterator[Root]:
    """Yield what the folders ask for; "/lodash@4.17.20(react@18.2.0)" and "npm:a@1.0.0" name an alias's package."""
    for one in wanted(text):
        named = _PACKAGE.match(one.version) if not one.version[0].isdigit() else None
        plain = one.version.partition("(")[0].partition("_")[0]
        index = position.get((named[1], named[2]) if named is not None else (one.name, plain))
        if index is not None:
            yield Root(index, one.dev)


def _lines(text: str, skipped: list[Skip]) -> Iterator[tuple[int, str | None, tuple[str, str]]]:
    """Yield (line number, None, package) where one starts, then (number, line, package) for each of its lines."""
    section, package, in_needs = "", None, False
    for number, line in enumerate(text.splitlines(), 1):
        top = _SECTION.match(line)
        if top is not None:
            section, package = top[1], None
        if section not in {"packages", "snapshots"} or top is not None:
            continue
        if line.startswith("  ") and not line.startswith("   "):
            key = line.strip().removesuffix("{}").rstrip().removesuffix(":").strip("'\"")
            match = _PACKAGE.match(key)
            package, in_needs = ((match[1], match[2]) if match else None), False
            if match is not None:
                yield number, None, (match[1], match[2])
            elif key and section == "packages" and not key.startswith(("file:", "link:")):
                skipped.append(Skip(number, f"a package {ELSEWHERE}", open=True))
        elif package is not None:
            if line.startswith("    ") and not line.startswith("     "):
                in_needs = _GROUP.match(line) is not None
            if in_needs or _DEV.match(line):
                yield number, line, package
