"""
Where an app keeps files that people send: under whose name, in which folder, and whether it looks at type and size.

A part holds lines, folders and marks, no text of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, is_run_by_hand, tier_of

_MOST = 30  # of one file
_HINT = re2.compile(
    r"(?i)\.filename\b|originalname|originalFilename|multer|formidable|formData\(\)|express-fileupload|createBucket"
)

# Python: what is sent is written under `x.filename`, or a name taken from it as it is.
_PYTHON_TAKES = re2.compile(r"\bUploadFile\b|request\.files\b|\bFileStorage\b|request\.FILES\b|\bawait request\.form\(")
_PYTHON_NAME = re2.compile(
    r"(?:(?:os\.path\.join|Path|open|\.save|joinpath)\([^\n]{0,160}?|/\s{0,4})\b\w{1,40}\.filename\b"
    r"|[\"'][^\"'\n]{0,120}\{\s{0,4}\w{1,40}\.filename\s{0,4}\}"
)
_PYTHON_ALIAS = re2.compile(
    r"(?m)^[ \t]*(\w{1,40})[ \t]*(?::[ \t]*str[ \t]*)?=[ \t]*\w{1,40}\.filename[ \t]*(?:or [^\n]{0,60})?$"
)
_PYTHON_WRITES = re2.compile(
    r"\.save\(|open\([^\n]{0,160}[\"']w?b\+?[\"']|write_bytes\(|copyfileobj\(|aiofiles\.open\("
)
_PYTHON_CLEAN = re2.compile(r"secure_filename\(|os\.path\.basename\(|get_valid_filename\(|sanitize_?filename")
_PART = re.compile(
    r"\s*(?:\)\s*)?(?:or\s+[\"'][^\"'\n]*[\"']\s*\)?)?\.\s*(?:name|stem|suffix|split|rsplit|endswith|lower|r?partition)\b"
)
_SAYS = re.compile(
    r"\blog\w*\.|\bprint\(|\braise\b|\breturn\b|detail\s*=|message|flash\(|[\"']filename[\"']\s*:|error", re.IGNORECASE
)
_BEFORE = re.compile(
    r"[^/\"'{]\{\s*\w+\.filename|\}[^/\"'{]*\{\s*\w+\.filename"
)  # "{stamp}_{file.filename}" cannot climb

# JavaScript: multer's name, a file moved or written under the name it came with.
_MULTER_NAME = re2.compile(r"\bcb\(\s{0,4}null\s{0,4},([^\n;]{0,200}originalname[^\n;]{0,60})")
_MULTER = re2.compile(r"\bmulter\(|multer\.diskStorage\(|formidable\(|new Formidable\(|IncomingForm\(")
_WRITE_NAME = re2.compile(
    r"(?:path\.join|join|writeFile|writeFileSync|createWriteStream|\.mv)\([^\n]{0,200}\b(?:\w{0,20}[fF]ile|image|upload|document|photo)"
    r"\w{0,10}(?:\?)?\.(?:name|originalFilename|originalname)\b"
)
_WRITES = re2.compile(r"\b(?:writeFile|writeFileSync|createWriteStream)\(|\.mv\(")
_ENDING = re.compile(r"extname\(|split\(\s*[\"']\.[\"']\s*\)\.pop")
_FOLDER = re2.compile(
    r"(?:destination|dest|uploadDir|UPLOAD_FOLDER|UPLOAD_DIR|upload_dir|uploadsDir|process\.cwd\(\)|__dirname|directory|static\()"
    r"[^\n]{0,120}?[\"'`]\.{0,2}/?([\w./-]{2,80})[\"'`](?:[ ,]{1,3}[\"'`]([\w./-]{2,80})[\"'`])?"
)
_SERVED = re2.compile(
    r"(?:express\.static|serveStatic|StaticFiles|send_from_directory|serve_static|fastifyStatic)\([^\n]{0,160}?[\"'`]\.{0,2}/?([\w./-]{2,80})[\"'`]"
)
_PUBLIC = re.compile(r"(^|/)(public|static|www|wwwroot|htdocs|assets)(/|$)")
_TYPES = re2.compile(
    r"(?i)fileFilter|mime_?type|allowed_?(?:file|ext|types|mime)|content_type|file\??\.type\b|\.endswith\(\s{0,4}\(?[\"']\.|filetype|imghdr"
    r"|Image\.open|sharp\(|image/|application/pdf|suffix (?:not )?in|ext (?:not )?in"
)
_SIZES = re2.compile(
    r"(?i)limits\s{0,4}:|fileSize|max_content_length|max_?(?:file_?)?size|\.size\s{0,4}>|len\(\w{1,20}\)\s{0,4}>"
)
_BUCKET = re2.compile(
    r"createBucket\(\s{0,40}[\"'`]([\w-]{1,63})[\"'`]\s{0,4},\s{0,40}\{[^{}]{0,200}\bpublic\s{0,4}:\s{0,4}true"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """
    One place that keeps a file, on *line*.

    *name* is kept (as the sender wrote it), ending (of the sender's name its ending) or made; *checked* whether types
    are looked at, *limited* whether sizes are, *anywhere* whether the name may lead out of the folder.
    """

    line: int
    name: str
    checked: bool
    limited: bool
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class UploadsInFile:
    """
    What one file keeps of what people send.

    *folders* are those that it names, *served* those that it serves to everybody, *buckets* those that it makes public;
    *takes* says that it takes files at all.
    """

    uploads: tuple[Upload, ...] = ()
    folders: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    buckets: tuple[tuple[str, int], ...] = ()
    takes: bool = False


@dataclass(frozen=True, slots=True)
class Uploads:
    """All uploads, by path, and the *served* folders of the whole repository."""

    files: Mapping[str, UploadsInFile]
    served: frozenset[str]

    def is_public(self, part: UploadsInFile) -> bool:
        """Whether what *part* keeps lies in a folder that everybody can read."""
        return any(_PUBLIC.search(folder) or _first(folder) in self.served for folder in part.folders)


def kind_of(path: str) -> str | None:
    """Return the language of *path* where it is the app's own code, or None."""
    return language_of(path) if tier_of(path) is Tier.CODE and not is_run_by_hand(path) else None


def read(text: str, kind: str) -> UploadsInFile | None:
    """Return what *text* keeps of what people send, or None."""
    text = text.encode("utf-8", "replace").decode()
    served = tuple(dict.fromkeys(_first(match.group(1)) for match in _SERVED.finditer(text)))[:_MOST]
    if not _HINT.search(text):
        return UploadsInFile(served=served) if served else None
    found = _python(text) if kind == "python" else _javascript(text)
    folders = [folder for match in _FOLDER.finditer(text) for folder in match.groups() if folder]
    buckets = [(match.group(1), _line(text, match.start())) for match in _BUCKET.finditer(text)]
    takes = (_PYTHON_TAKES if kind == "python" else _MULTER).search(text) is not None
    return UploadsInFile(
        tuple(found)[:_MOST], tuple(dict.fromkeys(folders))[:_MOST], served, tuple(buckets[:_MOST]), takes
    )


def _first(folder: str) -> str:
    """Return the last folder of a path: what `static("uploads")` and `join(here, "uploads")` both say."""
    return folder.strip("./").rpartition("/")[2]


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _python(text: str) -> Iterator[Upload]:
    """Yield the places where Python writes a file under the name that it came with."""
    if not _PYTHON_TAKES.search(text) or not _PYTHON_WRITES.search(text) or _PYTHON_CLEAN.search(text):
        return
    checked, limited = _TYPES.search(text) is not None, _SIZES.search(text) is not None
    for match in _python_names(text):
        begins = text.rfind("\n", 0, match.start()) + 1
        line = text[begins : match.end()][-400:]
        if not _PART.match(text, match.end()) and not _SAYS.search(line) and not _ENDING_ONLY.search(line):
            climbs = _BEFORE.search(line) is None
            yield Upload(_line(text, match.end()), "kept", checked, limited, anywhere=climbs)


def _python_names(text: str) -> Iterator[re.Match[str]]:
    """Yield where the sender's name stands in a path: as it is, or by a variable that is given it."""
    yield from list(_PYTHON_NAME.finditer(text))[:_MOST]
    for alias in list(_PYTHON_ALIAS.finditer(text))[:_MOST]:
        used = re.compile(rf"(?:(?:join|Path|open)\([^\n]{{0,160}}?|/ )\b{alias.group(1)}\b")
        found = used.search(text, alias.end(), alias.end() + 4_000)
        if found is not None:
            yield found


_ENDING_ONLY = re.compile(r"suffix|splitext|rsplit|uuid|token_hex|hash")


def _javascript(text: str) -> Iterator[Upload]:
    """Yield the places where JavaScript keeps a file: multer's storage, a move, a write."""
    checked, limited = _TYPES.search(text) is not None, _SIZES.search(text) is not None
    named = _MULTER_NAME.search(text)
    made = _MULTER.search(text)
    if named is not None or made is not None:
        kept = named is not None and not _ENDING.search(named.group(1))
        name = "kept" if kept else "ending" if named is not None else "made"
        match = named or made
        assert match is not None
        yield Upload(_line(text, match.start()), name, checked, limited)
    write = _WRITE_NAME.search(text) if _WRITES.search(text) else None
    if write is not None and not _ENDING.search(write.group()):
        yield Upload(_line(text, write.start()), "kept", checked, limited, anywhere=True)


def join(parts: Mapping[str, UploadsInFile], _listing: Listing) -> Uploads:
    """Return the uploads of all files."""
    return Uploads(parts, frozenset(folder for part in parts.values() for folder in part.served))


source = Collector(fact=Uploads, part=UploadsInFile, kind_of=kind_of, read=read, join=join, parsers=("google-re2",))
