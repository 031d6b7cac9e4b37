"""
yarn.lock, of Yarn 1 and of Yarn 2 and later, read line by line.

The two forms differ little where it matters: blocks that start at the margin with what was asked for, then
`version "1.2.3"` or `version: 1.2.3`, and an indented list of dependencies. No YAML parser is needed, nor its risks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.facts.packages.packages import ELSEWHERE, MOST_PACKAGES, NPM, Locked, Manifest, Skip, Unreadable

_HEADER = re.compile(r"^(\"?[^\s#].*):$")
_VERSION = re.compile(r'^  version:? "?([^"\s]+)"?$')
_RESOLVED = re.compile(r'^  (?:resolved|resolution):? "?([^"\s]+)')
_SECTION = re.compile(r"^  (dependencies|optionalDependencies):$")
_NEED = re.compile(r'^    "?((?:@[^/"\s]+/)?[^"\s:]+)"?:? "?([^"]*)"?$')
_ASKED = re.compile(r"^((?:@[^/@\s]+/)?[^@\s]+)@(.*)$")
_LOCAL = ("workspace:", "link:", "portal:", "file:")
_ADDRESS = re.compile(
    r"^(git|https?:.*\.git|https://codeload\.|github:)|(?<![\w.-])[\w.-]++@(git|https?:|ssh:)", re.IGNORECASE
)


@dataclass(slots=True)
class _Block:
    line: int
    asked: tuple[str, ...]  # "name@range", as other blocks write it
    version: str = ""
    resolved: str = ""
    needs: list[str] = field(default_factory=list)


def read(text: str, kind: str) -> Manifest:
    """Return the packages of *text*; raises Unreadable where nothing in it looks like one."""
    blocks = list(_blocks(text))
    if len(blocks) > MOST_PACKAGES:
        raise Unreadable(f"it holds more than {MOST_PACKAGES:,} packages")
    if not blocks and "yarn lockfile" not in text and "__metadata" not in text:
        raise Unreadable("it does not look like a lock of Yarn")
    skipped, kept = [], []
    for block in blocks:
        match = _ASKED.match(block.asked[0])
        if match is None or match[1] == "__metadata" or any(_range_of(one).startswith(_LOCAL) for one in block.asked):
            continue  # the file's own version, or a folder of the repository
        if _ADDRESS.search(block.resolved) or _ADDRESS.search(_range_of(block.asked[0])):
            skipped.append(Skip(block.line, f"{match[1]} {ELSEWHERE}", open=True))
        elif not block.version:
            skipped.append(Skip(block.line, f"{match[1]} has no version", open=True))
        else:
            kept.append(block)
    by_asked: defaultdict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(kept):
        for one in block.asked:
            by_asked[one].append(index)
    locked = tuple(
        Locked(
            NPM, _name_of(block), block.version, block.line, tuple(i for need in block.needs for i in by_asked[need])
        )
        for block in kept
    )
    return Manifest(kind, locked=locked, members=None, skipped=tuple(skipped))


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    listing = False
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None:
            if block is not None:
                yield block
            block, listing = _Block(number, tuple(_asked(header[1]))), False
        elif block is not None and line.startswith("  "):
            listing = _read_field(block, line, listing=listing)
    if block is not None:
        yield block


def _read_field(block: _Block, line: str, *, listing: bool) -> bool:
    """Put what *line* says into *block*; return whether the next lines list what it needs."""
    if listing and line.startswith("    "):
        need = _NEED.match(line)
        if need is not None:
            block.needs.append(_plain(f"{need[1]}@{need[2]}"))
        return True
    version, resolved = _VERSION.match(line), _RESOLVED.match(line)
    if version is not None:
        block.version = version[1]
    elif resolved is not None:
        block.resolved = resolved[1]
    return _SECTION.match(line) is not None


def _asked(header: str) -> Iterator[str]:
    for one in header.split(", "):
        yield _plain(one.strip().strip('"'))


def _plain(asked: str) -> str:
    """Return "name@npm:range", as later Yarns write it, as "name@range"; an alias ("a@npm:b@^1") stays as it is."""
    name, at, wanted = asked.rpartition("@npm:")
    return f"{name}@{wanted}" if at and name and "@" not in wanted else asked


def _range_of(asked: str) -> str:
    match = _ASKED.match(asked)
    return match[2] if match else ""


def _name_of(block: _Block) -> str:
    """Return the package's own name, which is not the one asked for where that is an alias ("a@npm:b@^1")."""
    alias = re.search(r"@npm:((?:@[^/@]+/)?[^@/]+)@", block.asked[0])
    match = _ASKED.match(block.asked[0])
    return alias[1] if alias else match[1] if match else block.asked[0]
