"""What the folders of a workspace ask for by pnpm-lock.yaml, which says it with the very version it settled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SECTION = re.compile(r"^( *)(dependencies|optionalDependencies|devDependencies):$")
_ENTRY = re.compile(r"^( *)'?((?:@[^/'\s]+/)?[^'\s:]+)'?:(?: (\S+))?$")
_VERSION = re.compile(r"^ *version: '?([^\s']+)'?$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A folder asks for *name* and gets *version*, as the lock writes it; *dev*: for development only."""

    name: str
    version: str
    dev: bool


def wanted(text: str) -> Iterator[Wanted]:
    """
    Yield what each folder asks for.

    The lists stand at the margin, or below `importers:` and the folder. Up to version 5 an entry is `name: version`;
    later ones hold `specifier` and `version` on lines of their own.
    """
    importing, depth, dev, name = False, -1, False, ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            importing, depth = line.startswith("importers:"), -1
        section = _SECTION.match(line)
        if section is not None and len(section[1]) == (4 if importing else 0):
            depth, dev, name = len(section[1]), section[2] == "devDependencies", ""
        elif depth >= 0:
            entry = _ENTRY.match(line)
            indent = len(entry[1]) if entry is not None else -1
            if entry is not None and 0 <= indent <= depth:
                depth = -1  # the list has ended
            elif entry is not None and indent == depth + 2:
                name = entry[2]
                if entry[3] is not None:
                    yield Wanted(name, entry[3].strip("'"), dev)
            elif name and (version := _VERSION.match(line)) is not None:
                yield Wanted(name, version[1], dev)
