"""
Reads OSV records from a file or a folder: .json (one record or a list), .jsonl, either with .gz, or a .zip of them.

What is read may be hostile or damaged. Everything is streamed under limits by the *unpacked* size, so that a small
archive cannot grow without end; what cannot be read is yielded as Unread with its place, for the caller to count.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import IO, Any

import msgspec

MiB = 1024 * 1024
LARGEST_RECORD = 8 * MiB  # the largest real one, of a package with thousands of versions, is below 1 MiB
LARGEST_LIST = 256 * MiB  # a .json file that holds a list is read at once
LARGEST_SOURCE = 16 * 1024 * MiB  # all of npm's records, malicious packages included, are below 2 GiB unpacked
MOST_ENTRIES = 2_000_000

_ENDINGS = (".json", ".jsonl", ".json.gz", ".jsonl.gz", ".zip")


class UnusableSource(Exception):  # noqa: N818 - its text is a sentence for the person who named the source
    """A source of advisories cannot be used; the index stays as it was."""


class NotThere(UnusableSource):
    """The host answers, and has nothing at the address."""


class Unread(Enum):
    """Why there is no record at a place of a source."""

    NOT_JSON = "not JSON"  # a file that was cut off, say
    TOO_LARGE = "too large"


Placed = tuple[str, Any]  # where it stands, in words, and its plain values or Unread


def files_of(source: Path) -> list[Path]:
    """Return the files that *source*, a file or a folder, stands for; raises UnusableSource where there is none."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise UnusableSource(f"{source} is neither a file nor a folder.")
    found = sorted(
        path for path in source.rglob("*") if path.name.endswith(_ENDINGS) and path.is_file() and not path.is_symlink()
    )
    if not found:
        raise UnusableSource(f"{source} holds no file that ends in {', '.join(_ENDINGS)}.")
    return found


def records_of(path: Path) -> Iterator[Placed]:
    """
    Yield each record of the file *path* with its place, as plain values, or Unread for one that cannot be read.

    What the file is, its first bytes say. Raises UnusableSource where it is damaged, or unpacks to too much.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start.startswith(b"PK"):
                yield from _of_zip(file, path.name)
            elif start.startswith(b"\x1f\x8b"):
                with gzip.open(file) as unpacked:
                    yield from _of_text(unpacked, path.name)
            else:
                yield from _of_text(file, path.name)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise UnusableSource(f"{path.name} is damaged or cannot be read ({type(error).__name__}).") from None


def _of_zip(file: IO[bytes], name: str) -> Iterator[Placed]:
    with zipfile.ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
        if len(entries) > MOST_ENTRIES:
            raise UnusableSource(f"{name} holds more than {MOST_ENTRIES:,} files.")
        total = 0
        for entry in entries:
            with archive.open(entry) as packed:
                # The size that an archive states is its own word; what comes out is what counts.
                body = packed.read(LARGEST_RECORD + 1)
            total += len(body)
            if total > LARGEST_SOURCE:
                raise _too_large(name)
            place = f"{name}, {entry.filename}"
            yield from _values(body, place) if len(body) <= LARGEST_RECORD else ((place, Unread.TOO_LARGE),)


def _of_text(file: IO[bytes] | gzip.GzipFile, name: str) -> Iterator[Placed]:
    """Yield the records of JSON lines, or of one JSON value over many lines; an empty file is none."""
    first = file.readline(LARGEST_RECORD + 1)
    if not first:
        yield name, Unread.NOT_JSON
        return
    if _is_whole(first) or name.removesuffix(".gz").endswith(".jsonl"):
        yield from _of_lines(first, file, name)
        return
    body = first + file.read(LARGEST_LIST + 1 - len(first))
    if len(body) > LARGEST_LIST:
        raise UnusableSource(f"{name} is one JSON value of more than {LARGEST_LIST // MiB} MiB; give it as JSON lines.")
    if _is_whole(body):
        yield from _values(body, name)
    else:
        lines = io.BytesIO(body)
        yield from _of_lines(lines.readline(LARGEST_RECORD + 1), lines, name)


def _of_lines(line: bytes, file: IO[bytes] | gzip.GzipFile, name: str) -> Iterator[Placed]:
    """Yield the records of *line*, the first of *file*, and of all that follow it."""
    number, total = 0, 0
    while line:
        number, total = number + 1, total + len(line)
        if total > LARGEST_SOURCE:
            raise _too_large(name)
        if len(line) > LARGEST_RECORD:
            yield f"{name}, line {number:,}", Unread.TOO_LARGE
            while line and not line.endswith(b"\n"):  # the rest of it
                line = file.readline(LARGEST_RECORD)
                total += len(line)
                if total > LARGEST_SOURCE:
                    raise _too_large(name)
        elif line.strip():
            yield from _values(line, f"{name}, line {number:,}")
        line = file.readline(LARGEST_RECORD + 1)


def _too_large(name: str) -> UnusableSource:
    return UnusableSource(f"{name} unpacks to more than {LARGEST_SOURCE // MiB:,} MiB.")


def _is_whole(body: bytes) -> bool:
    return next(_values(body, ""), ("", None))[1] is not Unread.NOT_JSON


def _values(body: bytes, place: str) -> Iterator[Placed]:
    """Yield what *body* holds, or each of the list, with its *place*; whether it is a record is not looked at."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        yield place, Unread.NOT_JSON
        return
    if isinstance(value, list):
        yield from ((f"{place}, record {number:,}", one) for number, one in enumerate(value, 1))
    else:
        yield place, value
