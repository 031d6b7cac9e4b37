"""Which objects hold a secret: what a text reads from them by name, puts into them, or takes apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import re2

from checks.facts.secrets.log_words import Leak, leak_of

_SECRETS = (
    r"\w{0,40}(?:[Pp]ass|PASS|[Pp]wd|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY|[Cc]red|[Aa]uthorization"
    r"|[Cc]onnection_?[Ss]tr)\w{0,40}"
)
_OBJECT = r"(?P<object>[A-Za-z_$][\w$]{0,60}(?:\.[A-Za-z_$][\w$]{0,40})?)"
# config.apiKey, data["password"], body.get("token")
_READ = re2.compile(rf"{_OBJECT}(?:\?\.|\.|\[[\"']|\.get\([\"'])(?P<field>{_SECRETS})[^\w(]")
# const { email, password } = req.body
_TAKEN = re2.compile(rf"\{{(?P<body>[^{{}}]{{1,400}})\}}\s{{0,4}}=\s{{0,4}}(?:await\s{{1,4}})?{_OBJECT}")
# data = {"password": typed}, let given: { apiKey?: string }
_MADE = re2.compile(
    r"\b(?P<object>[A-Za-z_$][\w$]{0,60})[ \t]{0,4}(?P<given>(?::[ \t]{0,4}[^={}\n]{1,100})?=|:)[ \t]{0,4}\{"
)
# const user = await User.create({ password: hash })
_CREATED = re2.compile(
    r"\b(?P<object>[A-Za-z_$][\w$]{0,60})[ \t]{0,4}=[ \t]{0,4}(?:await[ \t]{1,4})?(?:new[ \t]{1,4})?"
    r"[\w.]{2,80}\(\s{0,8}\{"
)
# data = request.get_json(), const body = await req.json()
_ASKED = re2.compile(
    r"\b(?P<object>[A-Za-z_$][\w$]{0,60})[ \t]{0,4}(?::[ \t]{0,4}[\w<>\[\], ]{1,40})?=[ \t]{0,4}\(?(?:await[ \t]{1,4})?"
    r"(?:req|request|ctx\.req(?:uest)?|c\.req)\.(?:body|form|json|data|values|get_json|POST)\b"
)
_MOST = 3000  # objects of one text; a file that somebody wrote has a few hundred
_LONGEST = 1500  # characters of an object that are looked at
_FIELD = re.compile(r"(?:^|[{,\n])[ \t]*[\"']?([\w-]{2,60})[\"']?[ \t]*(?:\??:[ \t]*([^,\n}]{0,120})|(?=[,\n}]|$))")
# What is put there is no value: a word, whether there is one, a hash, nothing.
_NO_VALUE = re.compile(
    r"^(?:[rfb]?[\"'](?!\s*Bearer)[^\"']*[\"']\s*$|!!|bool|len\(|typeof|undefined|null|None|True|False|void )"
    r"|\?\s*[\"']|hash|mask|redact|\bin\b|===|!==",
    re.IGNORECASE,
)
_TAKEN_OUT = re2.compile(r"\bdel(?:ete)?[ \t]{1,4}(?P<object>[A-Za-z_$][\w$]{0,60})|\b(?P<popped>\w{1,60})\.pop\([\"']")
_WHOLE = frozenset({"credentials", "creds", "connectionString", "connection_string", "authorization", "Authorization"})
_PIECES = frozenset({Leak.PASSWORD, Leak.TOKEN, Leak.SIGNING, Leak.ADDRESS, Leak.HASH})


@dataclass(frozen=True, slots=True)
class Field:
    """One secret that an object holds: at *row* from 0; *sure* where a password is put there as it is."""

    row: int
    password: bool
    sure: bool


class HeldFields:
    """The objects of a text that hold secrets, by the names they are called by."""

    def __init__(self, text: str) -> None:
        self._fields: dict[str, list[Field]] = {}
        text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
        asked = {match.group("object") for match in _ASKED.finditer(text)} | {"req.body", "request.body"}
        starts = [0, *(match.end() for match in re.finditer("\n", text))]
        for name, offset, field, made in _all(text):
            leaked = (Leak.TOKEN, False) if field in _WHOLE else leak_of(field, "")
            if leaked is None or leaked[0] not in _PIECES:
                continue
            password = leaked[0] is Leak.PASSWORD
            held = Field(
                bisect_right(starts, offset) - 1,
                password,
                _is_sure(field, password=password, made=made, asked=name in asked),
            )
            self._fields.setdefault(name, []).append(held)
        at = _TAKEN_OUT.groupindex
        for match in _TAKEN_OUT.finditer(text):
            self._fields.pop(match.group(at["object"]) or match.group(at["popped"]), None)

    def of(self, name: str, first: int, last: int) -> Field | None:
        """Return the surest secret that *name* holds between the rows *first* and *last*, or None."""
        here = [field for field in self._fields.get(name, ()) if first <= field.row <= last]
        return max(here, key=lambda field: (field.sure, field.password), default=None)


def _is_sure(field: str, *, password: bool, made: bool, asked: bool) -> bool:
    """Whether an object surely holds *field* as it was typed: it was put there, or came with the request."""
    return (password and (made or asked)) or (made and field.lower() == "authorization")


def _all(text: str) -> Iterator[tuple[str, int, str, bool]]:
    """Yield (object, offset, field, whether it is put there) of each field that is named in *text*."""
    at = _READ.groupindex
    for match in _READ.finditer(text):
        yield match.group(at["object"]), match.start(), match.group(at["field"]), False
    at = _TAKEN.groupindex
    for match in _TAKEN.finditer(text):
        for field in re.findall(r"[A-Za-z_$][\w$]*", match.group(at["body"])):
            yield match.group(at["object"]), match.start(), field, False
    at = _MADE.groupindex
    for match in islice(_MADE.finditer(text), _MOST):
        made = "=" in match.group(at["given"])
        for found in _FIELD.finditer(_inside(text[match.end() : match.end() + _LONGEST])):
            if found[2] is None or not _NO_VALUE.search(found[2]):
                yield match.group(at["object"]), match.start(), found[1], made
    for match in islice(_CREATED.finditer(text), _MOST):
        for found in _FIELD.finditer(_inside(text[match.end() : match.end() + _LONGEST])):
            yield match.group("object"), match.start(), found[1], False


def _inside(body: str) -> str:
    """Return *body* up to the brace that closes it."""
    depth = 0
    for place, char in enumerate(body):
        if char == "{":
            depth += 1
        elif char == "}":
            if not depth:
                return body[:place]
            depth -= 1
    return body
