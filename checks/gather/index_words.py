"""Reads what package indexes answer: the simple API of PyPI as JSON (PEP 691, PEP 700), and npm's documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from checks.facts.packages.index_answer import Asked, Known
from checks.facts.packages.packages import PYPI

_LONGEST_NOTICE = 300  # characters of what an author says


class Unreadable(Exception):  # noqa: N818 - it is an outcome: this index says nothing
    """An answer is not what the index's API says it is."""


def known_of(asked: Asked, body: bytes) -> Known:
    """Return what *body*, the document about *asked*, says; raises Unreadable."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Unreadable from None
    if not isinstance(document, Mapping):
        raise Unreadable
    return _pypi(asked, document) if asked.ecosystem == PYPI else _npm(asked, document)


def _pypi(asked: Asked, document: Mapping[str, Any]) -> Known:
    files = document.get("files")
    if not isinstance(files, list):
        raise Unreadable
    files = [file for file in files if isinstance(file, Mapping)]
    moments = sorted(filter(None, (_moment(file.get("upload-time")) for file in files)))
    versions = document.get("versions")
    kept: dict[str, bool] = {}  # version in use -> whether a file of it stands
    reasons: dict[str, str] = {}
    wanted = {str(Version(version)): version for version in asked.versions if _is_version(version)}
    for file in files:
        version = wanted.get(_version_of(str(file.get("filename", ""))))
        if version is not None:
            yanked = file.get("yanked")
            kept[version] = kept.get(version, False) or not yanked
            reasons[version] = yanked if isinstance(yanked, str) else reasons.get(version, "")
    withdrawn = tuple((version, reasons[version][:_LONGEST_NOTICE]) for version, stands in kept.items() if not stands)
    return Known(
        asked.ecosystem,
        asked.name,
        exists=True,
        first=moments[0] if moments else None,
        last=moments[-1] if moments else None,
        releases=len(versions) if isinstance(versions, list) else 0,
        withdrawn=withdrawn,
    )


def _npm(asked: Asked, document: Mapping[str, Any]) -> Known:
    """Read a packument, or the document of one version, which has no history."""
    versions, times = document.get("versions"), document.get("time")
    if not isinstance(versions, Mapping):
        if not isinstance(document.get("version"), str):
            raise Unreadable
        return Known(asked.ecosystem, asked.name, exists=True, deprecated=_notice(document))
    moments = {version: _moment(at) for version, at in times.items()} if isinstance(times, Mapping) else {}
    published = sorted(at for version, at in moments.items() if at is not None and version in versions)
    tags = document.get("dist-tags")
    latest = versions.get(tags.get("latest")) if isinstance(tags, Mapping) else None
    return Known(
        asked.ecosystem,
        asked.name,
        exists=bool(versions),  # of one that was taken down nothing but the name is left
        first=moments.get("created") or (published[0] if published else None),
        last=published[-1] if published else None,
        releases=len(versions),
        deprecated=_notice(latest),
        withdrawn=() if _notice(latest) else tuple(_given_up(asked, versions)),
    )


def _given_up(asked: Asked, versions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for version in asked.versions:
        notice = _notice(versions.get(version))
        if notice:
            yield version, notice


def _notice(document: Any) -> str:
    said = document.get("deprecated") if isinstance(document, Mapping) else None
    if said is True:
        return "it is marked as deprecated"
    return said[:_LONGEST_NOTICE] if isinstance(said, str) else ""


def _version_of(filename: str) -> str:
    try:
        if filename.endswith(".whl"):
            return str(parse_wheel_filename(filename)[1])
        return str(parse_sdist_filename(filename)[1])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return ""


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
