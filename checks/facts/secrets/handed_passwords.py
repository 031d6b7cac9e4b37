"""Passwords that their place alone tells: a pair of arguments, a command's variable, a manifest's entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import re2

from checks.facts.secrets.assigned_secrets import Assigned, Strength, judge
from checks.facts.secrets.names import HINT, Sort, sort_of

_SHAPES = {
    # auth=("user", "value"), HTTPBasicAuth("user", "value")
    "pair": r"(?:\bauth[ \t]{0,4}=[ \t]{0,4}\(|HTTPBasicAuth\()[ \t]{0,4}[\"'][^\"'\n]{1,100}[\"'][ \t]{0,4},[ \t]{0,4}"
    r"[\"'](?P<value>[^\"'\n]{3,100})[\"']",
    # btoa("user:value"), Buffer.from("user:value")
    "encoded": r"(?:btoa|b64encode|Buffer\.from)\([ \t]{0,4}b?[\"'`][\w.@-]{1,60}:(?P<value>[^\"'`\n{}]{3,100})[\"'`]",
    # add_argument("--password", default="value")
    "option": rf"(?i)(?:add_argument|option)\(\s{{0,20}}[\"']-{{1,2}}(?P<name>[\w-]{{0,40}}{HINT}[\w-]{{0,20}})[\"']"
    r"[^()\n]{0,200}\bdefault[ \t]{0,2}=[ \t]{0,2}[\"'](?P<value>[^\"'\n]{3,100})[\"']",
    # PGPASSWORD=value psql
    "command": r"(?:^|[\s;&|`])(?P<name>PGPASSWORD|MYSQL_PWD|SSHPASS)=[\"']?(?P<value>[^\s\"'`$]{3,100})[\"']?[ \t]+\w",
    # - name: DB_PASSWORD
    #   value: value
    "entry": rf"(?i)\bname:[ \t]{{0,4}}[\"']?(?P<name>\w{{0,40}}{HINT}\w{{0,20}})[\"']?[ \t]{{0,8}}\n[ \t-]{{1,40}}"
    r"value:[ \t]{0,4}[\"']?(?P<value>[^\s\"'#]{3,200})",
    # smtp.login("me@shop.com", "wxyz wxyz wxyz wxyz"), EMAIL_PASSWORD=...: what Google makes for an app
    "app": r"(?i)(?:login\([^()\n]{1,100},|passw\w{0,20}[\"']?[ \t]{0,4}[:=]|pass[ \t]{0,4}:)[ \t]{0,4}[\"']?"
    r"(?P<value>(?-i:[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}))\b",
}
_KINDS = {
    "python": ("pair", "encoded", "option", "app"),
    "code": ("encoded", "app"),
    "config": ("entry", "app"),
    "env": ("app",),
    "shell": ("command",),
    "prose": ("command", "app"),
}
_MADE_UP = re.compile(r"abcd efgh|your|pass|xxxx|word|here|code")
_INSERT = re2.compile(
    r"(?i)insert\s{1,8}(?:or\s{1,8}\w{1,10}\s{1,8})?into\s{1,8}[\w\"`.]{1,60}\s{0,8}\((?P<columns>[^()]{1,400})\)\s{0,8}"
    r"values\s{0,8}\([^()]{1,200}\)[^\n\"'`]{0,80}\s{0,20}[\"'`]{1,3}\s{0,20},\s{0,20}[(\[]{1,2}(?P<values>[^()\[\]]{1,400})"
)
_CELL = re.compile(r"\s*(?:[\"'](?P<literal>[^\"'\n]*)[\"']|[^,]*)(?:,|$)")


@cache
def _compiled(shape: str) -> re2._Regexp:
    return re2.compile(_SHAPES[shape])


def handed_in(text: str, kind: str) -> Iterator[Assigned]:
    """Yield the passwords and keys of *text*, read as *kind*, that their place alone tells."""
    for shape in _KINDS.get(kind, ()):
        pattern = _compiled(shape)
        at = pattern.groupindex
        for match in pattern.finditer(text):
            value = match.group(at["value"])
            name = match.group(at["name"]) if "name" in at else "password"
            found = judge(name, value, kind)
            if shape == "app":
                found = (Sort.PASSWORD.value, Strength.LIKELY) if _is_drawn(value) else None
            if found is not None:
                strength = Strength.POSSIBLE if kind == "prose" or shape == "option" else found[1]
                yield Assigned(match.start(at["value"]), found[0], strength, value)
    if kind in {"python", "code"}:
        yield from _inserted(text)


def _is_drawn(value: str) -> bool:
    """Whether *value*, four words of four letters, was drawn and is no sentence and no sample."""
    return _MADE_UP.search(value) is None and len(set(value)) > 8 and sum(value.count(each) for each in "aeiou") < 6  # noqa: PLR2004


def _inserted(text: str) -> Iterator[Assigned]:
    """Yield the passwords that a statement gets as its values: execute("INSERT ... VALUES (?, ?)", ("a", "value"))."""
    at = _INSERT.groupindex
    for match in _INSERT.finditer(text):
        columns = [name.strip(' \t\n`"') for name in match.group(at["columns"]).split(",")]
        place = next((place for place, name in enumerate(columns) if sort_of(name) is Sort.PASSWORD), None)
        cells = list(_CELL.finditer(match.group(at["values"])))
        literal = cells[place]["literal"] if place is not None and place < len(cells) else None
        found = judge("password", literal, "config") if literal else None
        if literal and found is not None and place is not None:
            yield Assigned(
                match.start(at["values"]) + cells[place].start("literal"), found[0], Strength.POSSIBLE, literal
            )
