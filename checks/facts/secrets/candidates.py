"""
Secrets that stand in files: what each is in words, its line, and how sure it is; never a value and never a line's text.

A part goes to the disk, so it holds kinds, lines, and a hash of the line with every value taken out (for a fingerprint
that survives a move). Comments that ask scanners to look away are not obeyed; a secret beside one is marked (and all
of them are listed by checks.facts.suppressions).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, nodes_of
from checks.facts.secrets.assigned_secrets import Assigned, Strength, assigned_in
from checks.facts.secrets.capability_addresses import capabilities_in
from checks.facts.secrets.credential_files import (
    hashes_in,
    key_file,
    keys_in,
    lines_of_credentials,
    rows_in,
    sessions_in,
    urls_in,
)
from checks.facts.secrets.files import LARGEST, kind_of
from checks.facts.secrets.handed_passwords import handed_in
from checks.facts.secrets.shown_logins import shown_in
from checks.facts.secrets.table_logins import logins_in, told_in_tables
from checks.facts.secrets.vendor_tokens import HARMLESS, jwts_in, tokens_in
from checks.same_value import same_value

_MOST = 200  # candidates of one file that are kept; the rest is counted
_ENOUGH = 1000  # of one kind in one file; a file made to hold more is not worth the time
_WINDOW = 1024 * 1024  # characters that are searched at once
_OVERLAP = 4096  # that two windows share; no secret that is looked for is longer
_LONGEST = 4096  # characters of a line that feed its shape


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One secret: *line* from 1, *what* in words, *shape* a hash of its line without values; *hidden* by a comment.

    *same_value* is the keyed digest of checks.same_value, where a key is set.
    """

    line: int
    what: str
    strength: Strength
    shape: str
    hidden: bool = False
    same_value: str | None = None


@dataclass(frozen=True, slots=True)
class SecretsInFile:
    """What one file holds, by line; *more* were not kept."""

    candidates: tuple[Candidate, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SecretCandidates:
    """The secrets of all files, by path."""

    files: Mapping[str, SecretsInFile]


_HIDES = re2.compile(
    r"(?i)pragma:?[ \t]{0,4}(?:allow|white)list[ -](?:nextline[ -])?secret|gitleaks:allow|trufflehog:ignore|ggignore"
    r"|kingfisher:ignore|nosecret|noqa:?[ \t]{0,3}S10[567]|#[ \t]{0,4}nosec\b"
)
_QUOTED = re2.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|[\w+/=@$-]*\d[\w+/=@$-]*")
#: The head of a section, with a group where tests alone read it: [tool.pytest.ini_options], [testenv:py312].
_SECTION = re.compile(r"^\[(?:((?:tool[.:])?(?:pytest|tox|testenv|coverage|nox|hatch\.envs\.test)\b)|\w)", re.MULTILINE)
# Firebase's web key and Google Maps' key stand in every visitor's browser by design.
_FIREBASE = re.compile(
    r"authDomain|messagingSenderId|measurementId|firebaseapp\.com|mobilesdk_app_id|google-services|current_key"
    r"|NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|FIREBASE",
    re.IGNORECASE,
)
_MAPS = re.compile(r"maps\.googleapis|tenor|googlemaps|google_?maps|MAPS|youtube", re.IGNORECASE)
# A key that a script or a person calls Google with is bound to no page: whoever has it can spend with it.
_NO_BROWSER = frozenset({"python", "shell", "prose"})


def read(text: str, kind: str) -> SecretsInFile | None:
    """Return the secrets of *text*, read as *kind*, or None where it has none."""
    found = secrets_in(text, kind)
    order = tuple(Strength)
    kept = sorted(found, key=lambda each: (order.index(each[0].strength), each[0].line))[:_MOST]
    candidates = sorted((candidate for candidate, _ in kept), key=lambda candidate: candidate.line)
    return SecretsInFile(tuple(candidates), len(found) - len(kept)) if found else None


def secrets_in(text: str, kind: str) -> list[tuple[Candidate, str]]:
    """Return the surest secret of each line of *text*, read as *kind*, with its value, which stays in memory."""
    text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
    if len(text) <= _WINDOW:
        return list(_in_window(text, kind))
    by_line: dict[tuple[int, str], tuple[Candidate, str]] = {}
    for before, window in _windows(text):
        for found, value in _in_window(window, kind):
            by_line.setdefault((found.line + before, value), (replace(found, line=found.line + before), value))
    return list(by_line.values())


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield pieces of *text*, cut at ends of lines where there are any, each with the number of lines before it."""
    start = lines = 0
    while len(text) - start > _WINDOW:
        cut = text.rfind("\n", start + _OVERLAP, start + _WINDOW)
        yield lines, text[start : cut if cut > 0 else start + _WINDOW]
        # The next one begins some lines earlier: a private key goes over many.
        behind = text.rfind("\n", start + 1, cut - _OVERLAP) + 1 if cut > 0 else 0
        behind = behind or start + _WINDOW - _OVERLAP
        lines += text.count("\n", start, behind)
        start = behind
    yield lines, text[start:]


def _in_window(text: str, kind: str) -> Iterator[tuple[Candidate, str]]:
    by_line: dict[int, list[Assigned]] = {}
    starts: list[int] = []
    for found in _all(text, kind):
        starts = starts or _starts(text)
        by_line.setdefault(bisect_right(starts, found.offset), []).append(found)
    order = tuple(Strength)
    for line, assigned in sorted(by_line.items()):
        best = min(assigned, key=lambda each: order.index(each.strength))
        source_line = _line(text, starts, line)
        shape = _shape(source_line, [each.value for each in assigned])
        hidden = _HIDES.search(source_line) is not None
        yield Candidate(line, best.what, best.strength, shape, hidden, same_value(best.value)), best.value


def _all(text: str, kind: str) -> Iterator[Assigned]:
    """Yield all that is found; a value whose form is known is not judged again by the name it is given."""
    formed = list(islice(chain(keys_in(text), _jwts(text), _tokens(text, kind)), _ENOUGH))
    yield from formed
    if kind == "table":
        yield from islice(logins_in(text), _ENOUGH)
    if kind in {"table", "tokens"}:
        return
    addresses = list(islice(chain(urls_in(text), capabilities_in(text)), _ENOUGH))
    yield from addresses
    known = "\n".join(found.value for found in formed)
    told = [(found.offset, found.offset + len(found.value)) for found in addresses]
    documented = None if kind == "python" else _trials(text) if kind == "config" else []
    named = chain(
        assigned_in(text, kind),
        shown_in(text, kind),
        handed_in(text, kind),
        told_in_tables(text) if kind == "prose" else (),
        lines_of_credentials(text, kind),
        key_file(text, kind),
    )
    for found in islice(named, _ENOUGH):
        if any(start <= found.offset < end for start, end in told):
            continue
        if found.value not in known and not any(each.value in found.value for each in formed):
            documented = _docstrings(text) if documented is None else documented
            shown = any(start <= found.offset < end for start, end in documented)
            yield replace(found, strength=Strength.POSSIBLE) if shown else found
    strength = Strength.LIKELY if kind == "hashes" else Strength.POSSIBLE
    yield from (replace(found, strength=strength) for found in islice(hashes_in(text), _ENOUGH))
    if kind in {"dump", "code", "python", "prose"}:
        yield from islice(rows_in(text), _ENOUGH)
    if kind == "dump":
        yield from islice(sessions_in(text), _ENOUGH)


def _trials(text: str) -> list[tuple[int, int]]:
    """Return where in *text* the sections stand that only tests and their runners read, as in pyproject.toml."""
    starts = [(match.start(), match[1] is not None) for match in _SECTION.finditer(text)][:_MOST]
    ends = [*(start for start, _ in starts[1:]), len(text)][: len(starts)]
    return [(start, end) for (start, trial), end in zip(starts, ends, strict=True) if trial]


def _docstrings(text: str) -> list[tuple[int, int]]:
    """Return where in *text*, which is Python, strings stand that nothing uses: examples, not settings."""
    if '"""' not in text and "'''" not in text:
        return []
    data = text.encode()
    nodes = nodes_of(text, "python", "(expression_statement (string) @it)")
    return [(len(data[: node.start_byte].decode()), len(data[: node.end_byte].decode())) for node in nodes[:_MOST]]


def _tokens(text: str, kind: str) -> Iterator[Assigned]:
    for offset, what, value in tokens_in(text):
        yield Assigned(offset, what, _strength_of_token(text, kind, offset, what), value)


def _strength_of_token(text: str, kind: str, offset: int, what: str) -> Strength:
    if what in HARMLESS:
        return Strength.POSSIBLE
    if what != "Google API key":
        return Strength.CERTAIN
    near = max(0, offset - 600), offset + 600
    if _FIREBASE.search(text, *near):
        return Strength.PUBLIC
    if _MAPS.search(text, *near):
        return Strength.POSSIBLE if kind in _NO_BROWSER else Strength.PUBLIC
    return Strength.CERTAIN


def _jwts(text: str) -> Iterator[Assigned]:
    for offset, value, claims in jwts_in(text):
        role, issuer = claims.get("role"), claims.get("iss")
        if issuer == "supabase-demo" or role == "anon":
            yield Assigned(offset, "publishable Supabase key", Strength.PUBLIC, value)
        elif role == "service_role":
            yield Assigned(offset, "Supabase service_role key", Strength.CERTAIN, value)
        elif claims.get("sub") != "1234567890":  # the specimen of jwt.io
            strength = Strength.POSSIBLE if "exp" in claims else Strength.LIKELY
            yield Assigned(offset, "signed token (JWT)", strength, value)


def _starts(text: str) -> list[int]:
    """Return the offset at which each line of *text* starts."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def _line(text: str, starts: list[int], line: int) -> str:
    start = starts[line - 1]
    end = starts[line] - 1 if line < len(starts) else len(text)
    return text[start : min(end, start + _LONGEST)]


def _shape(line: str, values: list[str]) -> str:
    """Return a hash of *line* with *values*, all quoted strings and all words with a digit taken out."""
    for value in sorted(values, key=len, reverse=True):
        line = line.replace(value, "*")
    return hashlib.sha256(" ".join(_QUOTED.sub("*", line).split()).encode()).hexdigest()[:16]


def join(parts: Mapping[str, SecretsInFile], _listing: Listing) -> SecretCandidates:
    """Return all files' secrets."""
    return SecretCandidates(parts)


source = Collector(
    fact=SecretCandidates,
    part=SecretsInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=("detect-secrets", "google-re2", *PARSERS),
    largest=LARGEST,
)
