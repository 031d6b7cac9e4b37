"""
Where a repository asks scanners to look away: comments in its lines, and files of ignore rules.

They change no outcome here, since whoever writes the code could exempt it by them; they are told with the report, so
that a person can ask why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.tier import Tier, tier_of

# Blanks are counted, not starred: a file of nothing but blanks must not cost minutes.
_LINE = re.compile(
    r"pragma:? {0,4}(?:allow|white)list[ -](?:nextline[ -])?secret|gitleaks:allow|trufflehog:ignore|ggignore"
    r"|kingfisher:ignore|# {0,4}nosec\b|nosemgrep|noqa: {0,4}S\d{1,4}"
    r"|eslint-disable[\w-]{0,20} {1,4}[\w/, -]{0,200}security/|codeql\[[\w/-]{1,80}\]|checkov:skip"
    r"|trivy:ignore|zizmor: {0,4}ignore",
    re.IGNORECASE,
)
#: Without one of these _LINE cannot match; the search for them alone is many times as fast.
_WORDS = re2.compile(
    r"(?i)pragma|gitleaks:|trufflehog:|ggignore|kingfisher:|nosec|nosemgrep|noqa:|eslint-disable|codeql\[|checkov:"
    r"|trivy:|zizmor:"
)
_FILES = re.compile(
    r"(^|/)(\.secrets\.baseline|\.gitleaksignore|\.?gitleaks\.toml|\.trufflehog-?ignore|\.semgrepignore|\.snyk|\.trivyignore"
    r"|\.gitguardian\.ya?ml|\.bandit|\.nsprc|osv-scanner\.toml|audit-ci\.jsonc?|\.checkov\.ya?ml|zizmor\.ya?ml)$"
)
_READ = re.compile(
    r"\.(py|[cm]?[jt]sx?|vue|svelte|json|ya?ml|toml|ini|cfg|sh|sql|tf|html?|env[\w.-]*)$|(^|/)Dockerfile"
)
_MOST = 100  # told in one report


@dataclass(frozen=True, slots=True)
class Suppressions:
    """*suppressed*: each place in words."""

    suppressed: tuple[str, ...]


def kind_of(path: str) -> str | None:
    """Return "file" for a file of ignore rules, "lines" for one whose lines may hold a comment, else None."""
    if _FILES.search(path):
        return "file"
    return "lines" if _READ.search(path) and tier_of(path) is not Tier.VENDORED else None


def read(text: str, kind: str) -> tuple[tuple[int, str], ...] | None:
    """Return the lines that ask to look away and with which words; line 0 stands for the whole file."""
    if kind == "file":
        return ((0, ""),)
    if _WORDS.search(text.encode("utf-8", "replace")) is None:
        return None
    found = [(text.count("\n", 0, match.start()) + 1, match[0]) for match in _LINE.finditer(text)]
    return tuple(found[:_MOST]) or None


def join(parts: Mapping[str, tuple[tuple[int, str], ...]], _listing: Listing) -> Suppressions:
    """Return every place in order, and how many more there are."""
    places = [
        f"{path}:{line} ({words})" if line else f"{path} (ignore rules)"
        for path, found in sorted(parts.items())
        for line, words in found
    ]
    more = (f"and {len(places) - _MOST} more",) if len(places) > _MOST else ()
    return Suppressions((*places[:_MOST], *more))


source = Collector(Suppressions, tuple[tuple[int, str], ...], kind_of, read, join)
