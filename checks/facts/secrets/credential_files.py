"""Secrets known by the form around them: URLs with a password, private keys, password hashes, .netrc, dumps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import re2

from checks.facts.secrets.assigned_secrets import Assigned, Strength, judge
from checks.facts.secrets.names import Sort, sort_of
from checks.facts.secrets.values import Look, is_random, look_of

_URL = re2.compile(
    r"(?i)\b(?P<scheme>[a-z][a-z0-9+.-]{1,20})://(?P<user>[^\s:/'\"<>`]{0,80}):(?P<value>[^\s/'\"<>`]{1,200})"
    r"@(?P<host>[^\s/'\":?<>`,\\)]+)"
)
# A password that is filled in later, or a port; a dollar sign alone may stand in a real one.
_FILLED = re.compile(r"\$[({]|^\$\w+$|\$[A-Z_]{2,}|[{}\[\]]|%s|^\d{2,5}(?:[^\w!#$^*-]|$)")
_LOCAL = re.compile(
    r"^(?:localhost|127\.|0\.0\.0\.0|::1|\[|host\.docker\.internal|\$|\{|%|<|[a-z][a-z0-9_-]*$|[\w.-]*example\.(?:com|org|net)"
    r"|host(?:name)?\b|[\w.-]+\.(?:local|test|internal|svc|example)$"
    r"|cluster\d{0,2}\.mongodb\.net$)",  # Atlas puts an id between the two: this is nobody's
    re.IGNORECASE,
)
#: Instances that a host of databases keeps for one customer, by the id that it gave them; not `abcdefgh`, which stands
#: in instructions.
_MANAGED = re.compile(
    r"^(?!.*(?:abcde|xxxx|your|project|example|cluster\d?\.mongodb))(?:db\.[a-z]{20}\.supabase\.co|[\w-]{5,60}\.pooler\.supabase\.com"
    r"|ep-[\w-]{8,60}(?:\.[\w-]{1,30}){0,4}\.neon\.tech|[\w-]{1,60}\.[a-z0-9]{5,8}\.mongodb\.net"
    r"|[\w-]{1,60}\.[a-z0-9]{10,14}\.[\w-]{5,20}\.rds\.amazonaws\.com|dpg-\w{16,30}(?:-a)?\.[\w-]{3,20}-postgres\.render\.com"
    r"|[\w-]{3,40}\.proxy\.rlwy\.net|containers-[\w-]{3,40}\.railway\.app|[\w-]{8,60}\.upstash\.io"
    r"|[\w.-]{3,60}\.psdb\.cloud|[\w-]{5,60}\.[\w.-]{0,30}(?:aivencloud\.com|cockroachlabs\.cloud|db\.ondigitalocean\.com))$",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"^(?:user(?:name)?|name|login|u|usr|foo|\[?user)$", re.IGNORECASE)

_PRIVATE = re2.compile(
    r"-----BEGIN (?P<sort>[A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?)-----|(?P<putty>PuTTY-User-Key-File-\d)"
)
_MATERIAL = re.compile(r"(?:[A-Za-z0-9+/=]{40,})")
_NEAR = 1200  # characters behind a key's first line in which its first full line must come; headers may stand between

_HASHES = re2.compile(
    r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$v=\d+\$[^\s'\"]{40,}|\$apr1\$[^\s:$'\"]{1,8}\$[./A-Za-z0-9]{22}"
    r"|\$[156]\$[^\s:$'\"]{1,24}\$[./A-Za-z0-9]{22,86}|\bpbkdf2_sha\d+\$\d+\$[^\s'\"]{30,}|\bpbkdf2:sha\d+:\d+\$[^\s'\"]{30,}"
    r"|\bscrypt:\d+:\d+:\d+\$[^\s'\"]{60,}|\{SSHA\d*\}[A-Za-z0-9+/=]{28,}"
)
#: One of these stands in every hash; looking for them first costs next to nothing.
_HASH_MARKS = ("$2", "$argon2", "$apr1$", "$1$", "$5$", "$6$", "pbkdf2", "scrypt:", "{SSHA")
_NETRC = re2.compile(
    r"(?is)\b(?:login|machine)\s+[^\s]{1,100}\s+(?:login\s+[^\s]{1,100}\s+)?password\s+(?P<value>[^\s]{1,200})"
)
_PGPASS = re2.compile(r"(?m)^[^\s:#]{1,100}:(?:\d{1,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:(?P<value>[^\s]{1,200})$")
_INSERT = re2.compile(r"(?i)\binsert\s+into\s+[\w.`\"\[\]]{1,80}\s*\((?P<columns>[^()]{1,990})\)\s*values\s*")
# The first cell, or the one behind a number, of a table of sessions or tokens; a UUID may be the number of anything.
_SESSIONS = re2.compile(
    r"(?i)\b(?:insert\s+into|copy)\s+[`\"\[]?(?:\w{1,40}[`\"\]]?\.[`\"\[]?)?"
    r"(?:django_session|(?:user_|auth_|login_)?sessions?|authtoken_token|personal_access_tokens|oauth_access_tokens"
    r"|refresh_tokens|api_tokens)[`\"\]]?\s*(?:\([^()]{1,400}\)\s*)?"
    r"(?:values\s*\(\s*(?:\d+,\s*)?'|from\s+stdin;\s*\n(?:\d+\t)?)(?P<value>\w{24,200})['\t]"
)
_ROW = re2.compile(r"\s*,?\s*\(((?:[^()'\"]|'(?:[^'\n]|'')*'|\"[^\"\n]*\"|\([^()\n]*\))*)\)")
_CELL = re2.compile(r"\s*(?:'((?:[^'\n]|'')*)'|\"([^\"\n]*)\"|([^,'\"]*))\s*(?:,|$)")
_MOST_ROWS = 200  # of one statement
_LONGEST_ROW = 4000  # characters


def urls_in(text: str) -> Iterator[Assigned]:
    """Yield the passwords that stand in URLs; on a machine of its own name, or with a default, they are advice."""
    if "://" not in text or "@" not in text:
        return
    at = _URL.groupindex
    for match in _URL.finditer(text):
        user, value, host = (match.group(at[name]) for name in ("user", "value", "host"))
        look = look_of(unquote(value))
        if look in {Look.REFERENCE, Look.PLACEHOLDER, Look.EMPTY} or _FILLED.search(value):
            continue
        template = _TEMPLATE.match(user) and look is not Look.STRONG
        if template or value.lower() in {"pass", "password", "pwd", "passwd", "pw", "secret", "port"}:
            continue
        here = _LOCAL.match(host) is not None
        strength = Strength.POSSIBLE if here or look in {Look.WORDS, Look.PLAIN, Look.DUMMY} else Strength.LIKELY
        if strength is Strength.LIKELY and _MANAGED.match(host) is not None:
            strength = Strength.CERTAIN  # somebody's own instance, and it answers the whole internet
        scheme = match.group(at["scheme"]).lower()
        what = "password in a database address" if _is_database(scheme) else "password in a URL"
        yield Assigned(match.start(at["value"]), what, strength, value)


def _is_database(scheme: str) -> bool:
    return scheme.startswith(
        ("postgres", "mysql", "mariadb", "mongodb", "redis", "mssql", "amqp", "cockroach", "clickhouse")
    )


def keys_in(text: str) -> Iterator[Assigned]:
    """Yield the private keys whose material stands in the text; a bare first line, as code compares with, is none."""
    if "PRIVATE KEY" not in text and "PuTTY" not in text:
        return
    at = _PRIVATE.groupindex
    for match in _PRIVATE.finditer(text):
        behind = text[match.end() : match.end() + _NEAR].partition("-----END")[0]
        material = _MATERIAL.search(behind.replace("\\n", "\n"))
        if material is None or (look_of(material.group()) is Look.PLACEHOLDER and len(set(material.group())) < 12):  # noqa: PLR2004
            continue
        locked = "ENCRYPTED" in match.group(at["sort"]) if match.group(at["sort"]) else False
        strength = Strength.LIKELY if locked or "ENCRYPTED" in behind[:100] else Strength.CERTAIN
        yield Assigned(match.start(), "private key", strength, material.group())


def hashes_in(text: str) -> Iterator[Assigned]:
    """Yield password hashes: who has one can guess at it for as long as they like."""
    if not any(mark in text for mark in _HASH_MARKS):
        return
    for match in _HASHES.finditer(text):
        yield Assigned(match.start(), "password hash", Strength.POSSIBLE, match.group())


def lines_of_credentials(text: str, kind: str) -> Iterator[Assigned]:
    """Yield the passwords of a .netrc, .pgpass or htpasswd file, by *kind*."""
    pattern = {"netrc": _NETRC, "pgpass": _PGPASS}.get(kind)
    if pattern is None:
        return
    for match in pattern.finditer(text):
        start, end = match.span(1)
        if look_of(text[start:end]) not in {Look.REFERENCE, Look.PLACEHOLDER, Look.EMPTY}:
            yield Assigned(start, "password", Strength.LIKELY, text[start:end])


def key_file(text: str, kind: str) -> Iterator[Assigned]:
    """Yield the one key that a file named for it holds (`master.key`, `secret_key.txt`), by *kind*."""
    value = text.strip()
    if kind == "keyfile" and len(value) < 500 and not re.search(r"\s", value) and is_random(value):  # noqa: PLR2004 - no key is longer
        yield Assigned(text.index(value), "key", Strength.LIKELY, value)


def sessions_in(text: str) -> Iterator[Assigned]:
    """Yield, as advice, the first key of each table of sessions or tokens that a dump fills: it opens an account."""
    at = _SESSIONS.groupindex["value"]
    for match in _SESSIONS.finditer(text):
        if is_random(match.group(at)):
            yield Assigned(match.start(at), "key of somebody's session", Strength.POSSIBLE, match.group(at))


def rows_in(text: str) -> Iterator[Assigned]:
    """Yield the plain passwords of rows that an SQL statement inserts."""
    if "nsert" not in text and "NSERT" not in text:
        return
    at = _INSERT.groupindex
    for match in _INSERT.finditer(text):
        columns = [name.strip(' \t\n`"[]') for name in match.group(at["columns"]).split(",")]
        places = [place for place, name in enumerate(columns) if sort_of(name) is Sort.PASSWORD]
        position = match.end()
        for _ in range(_MOST_ROWS if places else 0):
            row = _ROW.match(text[position : position + _LONGEST_ROW])
            if row is None:
                break
            cells = ["".join(found) for found in _CELL.findall(row.group(1))]
            for place in places:
                value = cells[place].strip() if place < len(cells) else ""
                if judge("password", value, "config") is not None:
                    yield Assigned(position + row.start(1), "password", Strength.POSSIBLE, value)
            position += row.end()
