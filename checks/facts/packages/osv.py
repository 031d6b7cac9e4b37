"""
Advisories as OSV writes them (https://ossf.github.io/osv-schema/), trimmed to what matching and telling need.

`trimmed` turns a record of any source into an Advisory. It knows the traps of real data: several ecosystems in one
record, `versions` beside ranges, an upper bound that stands only in `last_known_affected_version_range`, an empty
`severity`, no CVE among the aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from checks.facts.packages import versions
from checks.facts.packages.advisory import ECOSYSTEMS, Advisory, Affected, Span
from checks.facts.packages.packages import PYPI

_LONGEST_SUMMARY = 500
#: At one version an earlier span ends before the next begins, and a span of this version alone ends after.
_ORDER = {"fixed": 0, "limit": 0, "introduced": 1, "last_affected": 2}
_BOUND = re.compile(r"(<=?|=)\s*(\S+)")


class Malformed(Exception):  # noqa: N818 - it is counted, not an error of ours
    """A record is not what the schema says."""


def normalised(ecosystem: str, name: str) -> str:
    """Return *name* as it is compared: PyPI's without regard to case, `-`, `_` and `.`; npm's as it is."""
    return canonicalize_name(name) if ecosystem == PYPI else name


def trimmed(record: Any) -> Advisory:
    """Return *record* trimmed to ECOSYSTEMS; `affected` may come out empty. Raises Malformed where it is no record."""
    if not isinstance(record, Mapping):
        raise Malformed
    identifier = record.get("id")
    affected = record.get("affected") or []
    if not isinstance(identifier, str) or not identifier or not isinstance(affected, list):
        raise Malformed
    summary = record.get("summary") or record.get("details") or ""
    own = record.get("database_specific")
    word = own.get("severity") if isinstance(own, Mapping) else None
    return Advisory(
        identifier,
        _strings(record.get("aliases")),
        " ".join(str(summary).split())[:_LONGEST_SUMMARY],
        word.lower() if isinstance(word, str) else "",
        tuple(_scores(record, affected)),
        tuple(one for one in map(_affected, affected) if one is not None),
    )


def _affected(item: Any) -> Affected | None:
    package = item.get("package") if isinstance(item, Mapping) else None
    if not isinstance(package, Mapping) or not isinstance(package.get("name"), str):
        return None  # an entry by commit alone
    ecosystem = package.get("ecosystem")
    if ecosystem not in ECOSYSTEMS:
        return None
    own = item.get("database_specific")
    known = own.get("last_known_affected_version_range") if isinstance(own, Mapping) else None
    spans: list[Span] = []
    for part in item.get("ranges") or ():
        if not isinstance(part, Mapping) or not isinstance(part.get("events"), list):
            raise Malformed
        if part.get("type") in {"SEMVER", "ECOSYSTEM"}:  # GIT ranges name commits
            spans += _spans(ecosystem, part["events"], known if isinstance(known, str) else "")
    name = normalised(ecosystem, package["name"])
    return Affected(ecosystem, name, tuple(dict.fromkeys(spans)), _strings(item.get("versions")))


def _spans(ecosystem: str, events: list[Any], known: str) -> Iterator[Span]:
    """Yield the spans of *events*: each `introduced` opens one unless one is open, the next bound ends it."""
    opened: str | None = None
    for what, version in _in_order(ecosystem, events):
        if what == "introduced":
            opened = version if opened is None else opened
        elif opened is not None:
            yield Span(opened, None, version) if what == "last_affected" else Span(opened, version)
            opened = None
    if opened is not None:
        bound = _BOUND.search(known)
        if bound is None:
            yield Span(opened)
        else:
            yield Span(opened, bound[2]) if bound[1] == "<" else Span(opened, None, bound[2])


def _in_order(ecosystem: str, events: list[Any]) -> list[tuple[str, str]]:
    """Return *events* as (what, version) by version, which the schema does not promise of them."""
    pairs: list[tuple[str, str]] = []
    for event in events:
        if not isinstance(event, Mapping) or not all(isinstance(version, str) for version in event.values()):
            raise Malformed
        pairs += ((what, version) for what, version in event.items() if what in _ORDER)
    keys = {version: versions.parse(ecosystem, version) for _, version in pairs}
    if any(key is None for key in keys.values()):
        return pairs  # nothing says how they compare: as they are written
    return sorted(pairs, key=lambda pair: (keys[pair[1]], _ORDER[pair[0]]))


def _scores(record: Mapping[str, Any], affected: list[Any]) -> Iterator[str]:
    """Yield the CVSS vectors of the record, and those that stand at a package."""
    for holder in (record, *affected):
        for one in (holder.get("severity") or ()) if isinstance(holder, Mapping) else ():
            if isinstance(one, Mapping) and isinstance(one.get("score"), str):
                yield one["score"]


def _strings(values: Any) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()
