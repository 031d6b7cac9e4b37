"""
Characters that nobody sees in the files that steer coding assistants, by line.

A model reads what an editor does not show: tag characters spell ASCII, zero-width ones carry bits, and bidirectional
controls show a line in another order than it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing


@dataclass(frozen=True, slots=True)
class HiddenPlace:
    """*count* characters of the sort *what* stand in *line*."""

    line: int
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class HiddenInFile:
    """The hidden characters of one file."""

    places: tuple[HiddenPlace, ...]


@dataclass(frozen=True, slots=True)
class HiddenText:
    """The rules files of the repository, by path, each with what is hidden in it."""

    files: Mapping[str, HiddenInFile]


_RULES = re.compile(
    r"(?:^|/)(?:\.cursorrules|\.windsurfrules|\.clinerules|\.roorules|\.goosehints|\.aiderrules|CLAUDE(?:\.local)?\.md|AGENTS?\.md"
    r"|GEMINI\.md|\.junie/guidelines\.md|replit\.md|llms(?:-full)?\.txt|copilot-instructions\.md|SKILL\.md|\.rules|system_?prompt[\w.-]*)$"
    r"|(?:^|/)\.(?:cursor|windsurf|clinerules|roo|continue|kiro|trae|amazonq)/(?:.*/)?[^/]+\.(?:md|mdc|txt|json)$"
    r"|(?:^|/)\.claude/(?:.*/)?[^/]+\.md$|(?:^|/)\.github/(?:instructions|prompts|chatmodes)/[^/]+\.md$|(?:^|/)\.clinerules/.+",
    re.IGNORECASE,
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_ZERO = re.compile("[\u200b-\u200d\u2060-\u2064\u180e\ufeff]")
_FLAG = "\U0001f3f4"  # a flag of a region is spelt with tag characters after it
_JOINERS = "\u200c\u200d"
_MOST_PLACES = 50


def kind_of(path: str) -> str | None:
    """Return "rules" for a file that steers a coding assistant, by its name; None for others."""
    return "rules" if _RULES.search(path) else None


def read(text: str, _kind: str) -> HiddenInFile:
    """Return what is hidden in *text*."""
    found: list[HiddenPlace] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.isascii():
            continue
        tags = sum(len(match[0]) for match in _TAGS.finditer(line) if line[match.start() - 1 : match.start()] != _FLAG)
        counts = {
            "tag characters, which spell text that no editor shows": tags,
            "characters that turn the order of reading": len(_BIDI.findall(line)),
            "characters without width": sum(_hides(line, match.start()) for match in _ZERO.finditer(line)),
        }
        found += [HiddenPlace(number, what, count) for what, count in counts.items() if count]
    return HiddenInFile(tuple(found[:_MOST_PLACES]))


def _hides(line: str, place: int) -> bool:
    """Whether the character at *place* has no business there: joiners belong in emoji and in many scripts."""
    if line[place] not in _JOINERS:
        return True
    around = line[max(0, place - 2) : place] + line[place + 1 : place + 2]
    return around.isascii()


def join(parts: Mapping[str, HiddenInFile], _listing: Listing) -> HiddenText:
    """Return all rules files."""
    return HiddenText(dict(parts))


source = Collector(fact=HiddenText, part=HiddenInFile, kind_of=kind_of, read=read, join=join)
