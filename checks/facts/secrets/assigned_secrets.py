"""
Literals that a secret-like name is given, in any kind of text: `password = "..."`, `api_key: ...`, `<pass>...</pass>`.

One table of shapes a kind of text, each one regular expression on RE2 (linear, whatever the text), whose groups `name`
and `value` are then judged by checks.facts.secrets.names and secret_values. Multi-line shapes are bounded.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import re2

from checks.facts.secrets.names import HINT, Sort, names_signing, sort_of
from checks.facts.secrets.near_words import Near
from checks.facts.secrets.values import Look, is_composed, is_random, look_of
from checks.facts.word_set import word_set


class Strength(StrEnum):
    """How sure it is that a literal is a secret that somebody can use."""

    CERTAIN = "certain"  # a vendor's token, a private key
    LIKELY = "likely"
    POSSIBLE = "possible"  # advice
    PUBLIC = "public"  # made to be seen: a publishable key


#: What a password is called that everybody tries first.
DEFAULT = "well-known default password"
#: A password that reads like one for a trial ("TestPassword123!"), and is what accounts are made with all the same.
TRIAL = "password that reads like one for a trial"


@dataclass(frozen=True, slots=True)
class Assigned:
    """One literal found at *offset*: *what* it is in words, *value* itself. It stays in memory."""

    offset: int
    what: str
    strength: Strength
    value: str


_NAME = rf"(?P<name>[\w.$-]{{0,60}}{HINT}[\w-]{{0,40}})"
_QUOTED = r"""[rbuf]{0,2}(?:"(?P<value>[^"\n]{1,400})"|'(?P<value2>[^'\n]{1,400})'|`(?P<value3>[^`\n]{1,400})`)"""
_BLANK = r"[ \t]{0,40}"
_TYPE = r"(?:[ \t]{0,4}:[ \t]{0,4}[\w<>\[\]|. ?]{1,40})?"
_REST = r"(?P<value>[^\s#;][^\n]{0,400})"

_SHAPES = {
    # name = "value", "name": "value", name: str = "value", name := "value"
    "quoted": rf"(?i){_NAME}[\"'`]?\]?{_TYPE}{_BLANK}(?::=|=>|=|:){_BLANK}@?{_QUOTED}",
    # define('NAME', 'value'), setdefault("NAME", "value"), .set("name", "value")
    "call": rf"(?i)\b(?:define|set|set_?key|setdefault|putenv|setenv|property|add|append|fill|type)\(\s{{0,8}}"
    rf"[\"']{_NAME}[\"']\s{{0,8}},\s{{0,8}}{_QUOTED}",
    # Authorization: Bearer value
    "header": r"(?i)(?P<name>authorization)[\"'`]?\]?[ \t]{0,8}[:=,][ \t]{0,8}[\"'`]?(?:basic|bearer|token|apikey)[ ]"
    r"(?P<value>[\w.+/=:~-]{12,400})",
    # <password>value</password>
    "tag": rf"(?i)<{_NAME}(?:[ \t][^>\n]{{0,100}})?>(?P<value>[^<\n]{{1,400}})</",
    # <add key="password" value="value"/>, name="password" value="value"
    "attribute": rf"(?i)\b(?:key|name|id)=[\"']{_NAME}[\"'][ \t]{{1,20}}value={_QUOTED}",
    # NAME=value, export NAME=value, - NAME: value, alone on a line
    "line": rf"(?im)^[ \t]{{0,40}}(?:(?:export|set|setx|env|arg|-e|-|declare -x|local)[ \t]{{1,20}}){{0,3}}"
    rf"[\"']?{_NAME}"
    rf"[\"']?{_BLANK}[:=]>?{_BLANK}{_REST}",
    # name value, as .netrc, conf files and ENV lines have it
    "spaced": r"(?im)^[ \t]{0,20}(?P<name>password|passwd|pass|requirepass|masterauth|secret|rootpw|authtoken)"
    r"[ \t]{1,20}"
    r"[\"']?(?P<value>[^\s#;=:{(\"'][^\s\"']{2,200})[\"']?[ \t]{0,20}$",
    # conn.login("name", "value")
    "login": r"(?i)\b(?:login|sign_?in\w{0,20}|authenticate)\(\s{0,8}[\"'][^\"'\n]{1,100}[\"']\s{0,8},\s{0,8}"
    r"[\"'](?P<value>[^\"'\n]{3,200})[\"']",
    # NAME=value in text for people
    "setting": r"(?m)^[ \t`>$/#*-]{0,12}(?:export[ \t]{1,4})?(?P<name>[A-Z][A-Z0-9_]{2,60})="
    r"[\"']?(?P<value>[^\s\"'`]{4,300})",
    # mysql -pvalue is left out: too short a mark; --password=value, PGPASSWORD=value cmd, sshpass -p value
    "flag": rf"(?i)(?:--|\b){_NAME}[= ][\"']?(?P<value>[^\s\"'=-][^\s\"']{{2,200}})",
    "sshpass": r"\b(?P<name>sshpass)[ \t]{1,20}-p[ \t]{0,8}[\"']?(?P<value>[^\s\"']{3,200})",
    "user": r"\bcurl\b[^\n]{0,300}[ \t](?:-u|--user)[ \t]{0,4}[\"']?[\w.@-]{1,60}:(?P<value>[^\s\"'@]{3,200})",
    # process.env.NAME || "value", os.getenv("NAME", "value") in text for people
    "code": rf"(?i)(?:process\.env\.|getenv\([\"']|environ\.get\([\"'])(?P<name>\w{{1,60}})[\"']?[ \t]{{0,4}}"
    rf"(?:\|\||\?\?|,)[ \t]{{0,4}}{_QUOTED}",
    # new Sequelize("base", "user", "value"), mysqli("host", "user", "value")
    "third": r"\b(?:Sequelize|mysqli|mysqli_connect|mysql_connect|pymysql\.connect|MySQLdb\.connect)\("
    r"(?:\s{0,40}[\"'][^\"'\n]{1,100}[\"']\s{0,8},){2}\s{0,40}[\"'](?P<value>[^\"'\n]{3,200})[\"']",
    # {"email": "a@b.c", "login_code": "value"} sent by hand
    "sent": r"(?i)[\"']e?mail\\?[\"'][ \t]{0,4}:[ \t]{0,4}\\?[\"'][\w.+-]{1,64}@[\w.-]{3,100}\\?[\"']"
    r"[ \t]{0,4},[ \t]{0,4}\\?[\"']\w{0,30}(?:code|pin|pass\w{0,8}|secret)\\?[\"'][ \t]{0,4}:"
    r"[ \t]{0,4}\\?[\"'](?P<value>[^\s\"'\\]{5,60})",
    # Authentication: user / value
    "login as": r"(?i)\b(?:auth\w{0,12}|log-?in|credentials?|user(?:name)?|account)[*_`]{0,3}[:=][*_` ]{0,4}"
    r"[\w.+-]{2,40}[`*]{0,3}[ \t]{1,3}/[ \t]{1,3}[`*]{0,3}(?P<value>[^\s`\"'*<>|,;()\[\]/]{5,60})",
    # "Password: value" in text for people
    "said": r"(?i)\b(?P<name>password|passwort|passwd|pwd|passcode|api[ _-]?key|secret[ _-]?key|token)[*_`\"']{0,4}"
    r"[ \t]{0,4}(?:is|[:=])[ \t]{0,8}[*_`\"']{0,4}(?P<value>[^\s`\"'*<>|,;()\[\]]{4,200})",
    # print("Password: value")
    "printed": r"(?im)(?:[\"'`][^\"'`\n]{0,120}|^[ \t]{0,20}-[^\n]{0,60})\bpassword[*_]{0,2}:[ \t]{0,4}[*_`]{0,3}"
    r"(?P<value>[a-z0-9!@#$%^&*_.-]{5,40})",
    # st.info("Default login: admin / value")
    "shown": r"(?i)(?:^|[\s\"'`*(>:])(?:admin|administrator|root|demo)\d{0,4}[`*]{0,3}[ \t]{1,3}/[ \t]{1,3}[`*]{0,3}"
    r"(?P<value>[a-z0-9!@#$%^&_.-]{5,40})",
    # admin / admin123, admin@example.org | value |
    "pair": r"(?i)(?:\b[\w.+-]+@[\w-]+\.[\w.-]+[`*]{0,3}[ \t]{0,6}[|/:]"
    r"|(?:^|[\s`(])(?:admin|root|demo)\d{0,4}[`*]{0,3}[ \t]{0,6}[/:])"
    r"[ \t]{0,6}[`*]{0,3}(?P<value>[^\s`\"'*<>|,;()\[\]/]{5,60})",
}
_KINDS = {
    "python": ("quoted", "call", "header", "login", "printed", "shown", "third"),
    "code": ("quoted", "call", "header", "login", "printed", "shown", "third"),
    "config": ("quoted", "call", "header", "tag", "attribute", "line", "spaced", "user", "sshpass"),
    "shell": ("quoted", "header", "line", "user", "sshpass", "printed", "sent"),
    "json": ("quoted", "header"),
    "env": ("line",),
    "compose": ("header",),
    "prose": ("quoted", "header", "setting", "said", "pair", "user", "sshpass", "code", "sent", "login as"),
    "markup": ("quoted", "tag", "attribute", "header", "printed", "shown"),
    "dump": ("quoted",),
}
_WHOLE_TEXT = frozenset({"pair", "third", "sent", "login as"})  # shapes that no telling word need stand near
_TOLD = frozenset(
    {"said", "pair", "printed", "shown", "sent", "login as"}
)  # shapes of text for people, wherever it stands
# Values that are the usual word for a field, a type or a scheme, not a password.
_JOINED = re.compile(r"[\"'`][ \t]{0,4}(?:\+|\.concat\()")  # 'hashed_' + password: a piece is no secret
_LOGIN = re.compile(r"[^|]*@[^|]*[/:][ \t]*[`*]*(?i:pass\w*|passw0rd|secret|letmein)\Z")  # a@b.c / password
_SHORTEST = 8  # characters of a password behind a name in text for people, where words stand as well
_LONG = 1000  # characters before and behind
_FORM_WORDS = word_set(
    """
    password pass passwd pwd text hidden string str required optional bearer basic oauth jwt token secret key
    email username user login none null true false yes no on off auto session cookie header query body number
    boolean varchar enum any unknown credentials enabled disabled always never default include same-origin omit
    fail failed passed success plain sha256 md5 bcrypt argon2 scrypt hs256 rs256 local
    """
)
_COMMANDS = frozenset({"shell", "config", "env"})  # kinds in which back-ticks run a command
_PHRASE = 2  # words from which on a value is a command line or a sentence
_LABELLED = frozenset({"code", "python", "json"})  # kinds in which a word with a capital is a label
# Algolia's search key is made to be seen, and looks like any other.
_SEARCH_KEY = re.compile(r"algolia|indexName|docsearch", re.IGNORECASE)
# Names of what some vendors make a UUID; a token by itself may be the number of a record.
_OPENS = re.compile(r"(?i)(?:api|access|private|auth|service|rest)[_-]?(?:key|token)$|secret$")
# Words and a few digits, as a sample has it: dps_api_key_123456, abc123comparison.
_MADE_UP = re.compile(r"(?:[a-z]{2,20}[_-]){1,5}\d{1,6}|(?:abc|xyz)_?123[a-z_-]{0,30}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _is_long(text: str, position: int) -> bool:
    """Whether the line of *position* is so long that no person wrote it: what a tool put together or printed."""
    return (
        text.rfind("\n", max(0, position - _LONG), position) < 0
        and text.find("\n", position, position + _LONG) < 0
        and (len(text) > 2 * _LONG)
    )


def _is_left_out(text: str, position: int, what: str) -> bool:
    """Whether a well-known password at *position* stands in a comment: nothing uses it."""
    line = text[max(0, text.rfind("\n", 0, position) + 1, position - _LONG) : position]
    return what == DEFAULT and line.lstrip().startswith(("//", "#", "/*", "* "))


@cache
def _compiled(shape: str) -> tuple[re2._Regexp, dict[str, int]]:
    """Return the pattern of *shape* and the numbers of its groups, kept here: making these costs more than a search."""
    pattern = re2.compile(_SHAPES[shape])
    return pattern, pattern.groupindex


def assigned_in(text: str, kind: str) -> Iterator[Assigned]:
    """Yield the literals of *text*, read as *kind*, that a secret-like name is given, weakest included."""
    near = Near(text)
    for shape in _KINDS.get(kind, ()):
        looked_at = text if shape in _WHOLE_TEXT else near.text
        if not looked_at:
            continue
        pattern, at = _compiled(shape)
        for match in pattern.finditer(looked_at):
            start, end = max(match.span(at[group]) for group in ("value", "value2", "value3") if group in at)
            value = match.string[start:end]
            value = _unquoted(value) if shape == "line" else value
            start = start if shape in _WHOLE_TEXT else near.offset(start)
            end = start + len(value)
            if text[start - 1] == "`" and kind in _COMMANDS:
                continue  # the output of a command
            name = match.group(at["name"]) if "name" in at else "password"
            found = judge(name, value, "prose" if shape in _TOLD else kind)
            if (
                found is not None
                and found[0] == Sort.TOKEN
                and _SEARCH_KEY.search(text, max(0, start - 300), end + 300)
            ):
                continue
            # admin | admin is a role.
            told = shape not in _TOLD or shape == "said" or any(map(str.isdigit, value))
            if shape == "login as":
                told = len(value) >= _SHORTEST and re.search(r"[!@#$%&*]", value) is not None
            if shape == "pair" and _LOGIN.match(match.group()):
                found, told = (DEFAULT, Strength.POSSIBLE), True
            if found is not None and told:
                doubtful = _JOINED.match(text, end) or _is_long(text, start) or _is_left_out(text, start, found[0])
                yield Assigned(start, found[0], Strength.POSSIBLE if doubtful else found[1], value)


def judge(name: str, value: str, kind: str) -> tuple[str, Strength] | None:
    """Return what *value* is, given to *name* in a text of *kind*, and how sure that is; None where it is no secret."""
    if name.lower() in {"sshpass", "requirepass", "masterauth", "rootpw", "passwort"}:
        sort: Sort | None = Sort.PASSWORD
    else:
        sort = sort_of(name)
    if sort is None or (_echoes(name, value) and not (sort is Sort.PASSWORD and kind == "env")):
        return None
    if kind == "prose" and not _is_told(value, sort):
        return None
    strength = _password(value, kind) if sort is Sort.PASSWORD else _key(name, value, kind, sort)
    if strength is None:
        return None
    if kind == "prose":
        strength = Strength.POSSIBLE
    if sort is not Sort.PASSWORD:
        return sort.value, strength
    dummy = kind in {"python", "code"} and look_of(value) in {Look.DUMMY, Look.PLACEHOLDER}
    return DEFAULT if look_of(value) is Look.WEAK else TRIAL if dummy else sort.value, strength


def _is_told(value: str, sort: Sort) -> bool:
    """Whether *value* in text for people is a secret, and not a word: it has a digit, or everybody tries it first."""
    marked = look_of(value) is Look.STRONG and re.search(r"[!@#$%&*]", value) is not None
    plain = look_of(value) is not Look.WEAK and not marked and not any(map(str.isdigit, value))
    return sort is not Sort.KEY and value.isascii() and not plain


def _password(value: str, kind: str) -> Strength | None:  # noqa: PLR0911 - one answer a rule reads best in order
    look = look_of(value)
    match look:
        case Look.STRONG if kind != "env" and (_UUID.fullmatch(value) or len(value.split()) > _PHRASE):
            return None
        case Look.STRONG if 4 <= len(value) <= 200:  # noqa: PLR2004 - shorter is no password, longer no literal
            return Strength.POSSIBLE if "password" in value and _MADE_UP.fullmatch(value) else Strength.LIKELY
        case Look.WEAK if value.lower() not in _FORM_WORDS:
            return Strength.LIKELY
        case Look.WEAK if kind in {"env", "config"}:
            return Strength.POSSIBLE
        case Look.PLAIN if value.lower() not in _FORM_WORDS and not (value.istitle() and kind in _LABELLED):
            return Strength.LIKELY if kind == "env" else Strength.POSSIBLE
        case Look.DUMMY if kind in {"env", "config", "shell", "markup"}:
            return Strength.POSSIBLE
        case Look.DUMMY | Look.PLACEHOLDER if kind in {"python", "code"} and is_composed(value):
            return Strength.POSSIBLE  # "ChangeMe123!" is what accounts are made with
        case _:
            return None


def _key(name: str, value: str, kind: str, sort: Sort) -> Strength | None:  # noqa: PLR0911 - one answer a rule reads best in order
    if look_of(value) is not Look.STRONG or len(value) < 8:  # noqa: PLR2004 - 8 characters: no key is shorter
        return None
    if sort is Sort.SIGNING:
        return Strength.LIKELY if names_signing(name, value) else None
    if _UUID.fullmatch(value):
        if sort is not Sort.TOKEN or (kind != "env" and not _OPENS.search(name)):
            return None
        return Strength.LIKELY if kind == "env" else Strength.POSSIBLE  # as likely the number of a thing
    if sort is Sort.TOKEN:
        return Strength.LIKELY if is_random(value) and not _MADE_UP.fullmatch(value) else Strength.POSSIBLE
    if name.lower().endswith("auth"):
        return Strength.LIKELY if _is_basic(value) else None
    if name.lower().endswith("authorization"):
        return Strength.LIKELY if is_random(value) or _is_basic(value) else None
    return Strength.POSSIBLE if is_random(value) else None


def _is_basic(value: str) -> bool:
    """Whether *value* is base64 of user:password, as Docker's and npm's files hold it."""
    try:
        plain = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (ValueError, binascii.Error):
        return False
    return re.fullmatch(rb"[\x20-\x7e]{1,80}:[\x20-\x7e]{3,200}", plain) is not None


def _echoes(name: str, value: str) -> bool:
    """Whether *value* only says *name* again, as tables of labels and of field names do."""
    plain_name, plain_value = (re.sub(r"[\W_]", "", each).lower() for each in (name, value))
    return plain_value == plain_name or (len(plain_value) > 4 and plain_name.endswith(plain_value))  # noqa: PLR2004


def _unquoted(value: str) -> str:
    """Return the rest of a line without its quotes, its comment and what a compose file or shell puts behind it."""
    value = value.strip()
    if value[:1] in {'"', "'"}:
        return value[1:].partition(value[0])[0]
    return re.split(r"\s+#|\s*[;,]\s*$|\s+\\$", value)[0].strip()
