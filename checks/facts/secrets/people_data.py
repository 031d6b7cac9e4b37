"""
People and password hashes in files of data: databases, dumps, exports and backups. Counts alone, never a value.

Databases are read as the bytes they are: what stands in a SQLite file stands there plainly, rows that were deleted
included, so addresses and hashes are found by their form, and no database is opened. Addresses that are plainly made
up (example.com, user1@...) are not counted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.secrets.people_tables import people_in_table

_LARGEST = 32 * 1024 * 1024  # bytes of a file
_INFLATED = 16 * 1024 * 1024  # bytes of what a packed file unfolds to that are read
_MOST = 100_000  # addresses that are told apart

_KINDS = (
    ("database", r"\.(?:db|sqlite|sqlite3|db3|s3db)$|\.(?:rdb|bson)$"),
    ("packed", r"\.(?:sql|dump|csv|json|bak)\.gz$"),
    ("dump", r"\.(?:sql|dump|pgsql|mysql|bak|backup)$"),
    ("table", r"\.(?:csv|tsv)$"),
    ("records", r"\.(?:json|jsonl|ndjson)$"),
    ("sheet", r"\.xlsx$"),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
# JSON that describes programs, names their authors, or translates them.
_NOT_DATA = re.compile(
    r"(?:^|/)(?:package[\w.-]*|composer|bower|lerna|manifest|tsconfig[\w.-]*|installed|component|openapi|swagger)\.json$"
    r"|[.-]lock\.json$|(?:^|/)(?:node_modules|vendor|site-packages|bower_components|locales?|i18n|lang|translations?)/",
    re.IGNORECASE,
)

_ADDRESS = re2.compile(
    rb"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,10}"
)
_MADE_UP = re.compile(
    rb"@(?:[\w.-]*\.)?(?:example|test|tests|testing|sample|demo|fake|dummy|foo|bar|acme|domain|yourdomain|company|yourcompany"
    rb"|mycompany|email|mail|localhost|mailinator|site|website|business|organization|school|university|hospital|clinic|app"
    rb"|noreply|users\.noreply)\.|\.(?:test|example|local|localhost|invalid|internal)$"
    rb"|^(?:user|test|demo|admin|student|teacher|customer|employee|staff|client|guest|member|manager|doctor|patient|owner"
    rb"|john|jane|john\.?doe|jane\.?doe|alice|bob|info|support|contact|sales|hello|noreply|no-reply|git)[._-]?\d*@",
    re.IGNORECASE,
)
_HASH = re2.compile(
    rb"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$v=\d+\$[^\s'\"]{40,200}|\bpbkdf2_sha\d+\$\d+\$[^\s'\"$]{1,40}\$"
    rb"|pbkdf2:sha\d+:\d+\$[^\s'\"]{30,200}|scrypt:\d+:\d+:\d+\$[^\s'\"]{60,200}|\$[156]\$[^\s:$'\"]{1,24}\$[./A-Za-z0-9]{22,86}"
)
#: What stands beside an address where a record is one of a person, and not of a program's author.
_PERSONAL = re2.compile(
    rb"(?i)\b(?:password|passwd|pass_?hash|phone|phone_?number|mobile|telephone|tel|first_?name|last_?name|full_?name|surname"
    rb"|birth\w{0,10}|dob|ssn|street|address|postcode|zip_?code|salary|date_?of_?birth|nationality|gender|username|user_?id|"
    rb"customer\w{0,12}|employee\w{0,12}|guest\w{0,8})\b"
)
_ROWS = re2.compile(rb"(?i)\binsert\s+into\b|\bcopy\s+[^\n;]{1,400}\bfrom\s+stdin")


@dataclass(frozen=True, slots=True)
class PeopleInFile:
    """
    What one file of data holds: *people* by their addresses, password *hashes*, and what *sort* of file it is.

    *phones* are people of a table by their telephone numbers beside their names.

    *line* is that of its first hash, else of its first address; None where the file has no lines.
    """

    people: int
    hashes: int
    sort: str
    line: int | None = None
    phones: int = 0


@dataclass(frozen=True, slots=True)
class PeopleData:
    """The files of data with people or hashes in them, by path."""

    files: Mapping[str, PeopleInFile]


def kind_of(path: str) -> str | None:
    """Return as what kind of data *path* is read; None where it is none."""
    kind = next((kind for kind, pattern in _COMPILED if pattern.search(path)), None)
    return None if kind == "records" and _NOT_DATA.search(path) else kind


def read(data: bytes, kind: str) -> PeopleInFile | None:
    """Return how many people and hashes *data* of *kind* holds, or None where there are none."""
    data = _UNPACK[kind](data) if kind in _UNPACK else data
    if kind == "dump" and not data.startswith(b"PGDMP") and not _ROWS.search(data):
        return None  # a schema, or a backup of a program's text
    if kind in {"table", "records", "sheet"} and not _PERSONAL.search(data):
        return None
    people: dict[bytes, int] = {}
    for match in _ADDRESS.finditer(data):
        people.setdefault(match.group().lower(), match.start())
        if len(people) >= _MOST:
            break
    real = [start for address, start in people.items() if _MADE_UP.search(address) is None]
    hashes = {match.group(): match.start() for match in _HASH.finditer(data)}
    phones, row = people_in_table(data) if kind == "table" else (0, 0)
    if not real and not hashes and not phones:
        return None
    first = min(hashes.values() or real, default=-1)
    line = data.count(b"\n", 0, first) + 1 if kind in {"dump", "table", "records"} else None
    return PeopleInFile(len(real), len(hashes), kind, line if first >= 0 else row, phones)


def _inflated(data: bytes) -> bytes:
    """Return the beginning of what *data*, made by gzip, holds; nothing where it is damaged."""
    try:
        return zlib.decompressobj(31).decompress(data, _INFLATED)
    except zlib.error:
        return b""


def _sheet(data: bytes) -> bytes:
    """Return the texts of the cells of *data*, a workbook; nothing where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book, book.open("xl/sharedStrings.xml") as texts:
            return texts.read(_INFLATED)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        return b""


_UNPACK: Mapping[str, Callable[[bytes], bytes]] = {"packed": _inflated, "sheet": _sheet}


def join(parts: Mapping[str, PeopleInFile], _listing: Listing) -> PeopleData:
    """Return all files' counts."""
    return PeopleData(parts)


source = Collector(
    fact=PeopleData,
    part=PeopleInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=("google-re2",),
    largest=_LARGEST,
    raw=True,
)
