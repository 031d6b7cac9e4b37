"""What Python code keeps in its process or on its disk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.operations.kept import LOGIN, Kept, What, line_at, what_is
from checks.facts.operations.kept_sqlite import databases
from checks.facts.secrets.names import words_of

_SERVER = re.compile(
    r"^[ \t]*(?:from|import)\s+(?:flask|fastapi|starlette|aiohttp\.web|quart|sanic|bottle|falcon|tornado|litestar"
    r"|django\.(?:http|views|shortcuts)|rest_framework)\b"
    r"|^[ \t]*from\s+aiohttp\s+import\s+[^\n]{0,80}\bweb\b",
    re.MULTILINE,
)
_EMPTY = re.compile(
    r"^(?P<name>[A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,80})?=[ \t]*"
    r"(?:\{[ \t]*\}|\[[ \t]*\]|defaultdict\(|dict\(\)|list\(\)|set\(\)|deque\()",
    re.MULTILINE,
)
_CHANGED = re.compile(
    r"^[ \t]+(?:\w+[ \t]*=[ \t]*)?(?P<name>[A-Za-z_]\w*)"
    r"(?:\[[^=\n]{1,120}\][ \t]*[-+]?=(?!=)|(?:\[[^\]\n]{1,80}\])?\.(?:append|add|setdefault|insert|update)\()",
    re.MULTILINE,
)
_GLOBAL = re.compile(rf"^[ \t]+global[ \t]+(?:\w+[ \t]*,[ \t]*)*(?P<name>{LOGIN})\b", re.MULTILINE | re.IGNORECASE)
_UPLOADS = re.compile(
    r"^[ \t]*(?:app\.config\[[\"'])?UPLOAD_(?:FOLDER|DIR)[\"'\]]*[ \t]*=|\bFileSystemStorage\(", re.MULTILINE
)
_FILES = re.compile(
    r"\bopen\([^)\n]{0,80}\.(?:json|csv|pkl)[\"']?[^)\n]{0,20},[ \t]*[\"']w|\.to_csv\([\"'][\w./-]{1,80}\.csv"
)
_FILESYSTEM = re.compile(r"SESSION_TYPE[\"'\]]*[ \t]*=[ \t]*[\"']filesystem")
_LIMITER = re.compile(r"^[ \t]*\w+[ \t]*=[ \t]*Limiter\((?P<options>[^\n]{0,300}(?:\n[^\n]{0,200}){0,6})", re.MULTILINE)
_STREAMLIT = re.compile(
    r"st\.session_state(?:\.|\[[\"'])(?P<name>\w{1,40})(?:[\"']\])?[ \t]*=[ \t]*(?:\{|\["
    r"|pd\.DataFrame)",
    re.IGNORECASE,
)


def python(text: str) -> Iterator[Kept]:
    """Yield what *text* keeps."""
    yield from databases(text, javascript=False)
    if "streamlit" in text:
        yield from _streamlit(text)
    if _SERVER.search(text) is None:
        return
    changed = {match["name"] for match in _CHANGED.finditer(text)}
    for match in _EMPTY.finditer(text):
        what = what_is(match["name"], words_of(match["name"])) if match["name"] in changed else None
        if what is not None:
            yield Kept(line_at(text, match.start()), what.value, match["name"])
    for match in _GLOBAL.finditer(text):
        name = match["name"]
        if re.search(rf"^{name}\b[^=\n]{{0,60}}=", text, re.MULTILINE) and re.search(
            rf"^[ \t]+{name}[ \t]*=[^=]", text, re.MULTILINE
        ):
            yield Kept(line_at(text, match.start("name")), What.LOGIN.value, name)
    for pattern, what in ((_UPLOADS, What.UPLOADS), (_FILES, What.FILE), (_FILESYSTEM, What.SESSIONS)):
        first = pattern.search(text)
        if first is not None:
            yield Kept(line_at(text, first.start()) + (first.group()[:1] == "\n"), what.value, what.value)
    limiter = _LIMITER.search(text)
    if limiter is not None and "storage_uri" not in limiter["options"] and "RATELIMIT_STORAGE" not in text:
        yield Kept(line_at(text, limiter.start()), What.LIMITS.value, "Limiter")


def _streamlit(text: str) -> Iterator[Kept]:
    """Yield the records that a Streamlit app keeps in a visitor's session: gone with the tab."""
    seen: set[str] = set()
    for match in _STREAMLIT.finditer(text):
        name = match["name"]
        if (
            name in seen
            or what_is(name, words_of(name)) is not What.RECORDS
            or re.search(r"chat|message|history|filter", name)
        ):
            continue
        seen.add(name)
        yield Kept(line_at(text, match.start()), What.RECORDS.value, f"st.session_state.{name}")
