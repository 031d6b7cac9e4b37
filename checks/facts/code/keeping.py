"""Whether a function changes what outlives it: a list, a record or a counter of others, and not what it made itself."""

from __future__ import annotations

import re

_SHORT = 3_000  # characters; a longer function is taken to keep something, since it is no plain answer anyway
_NAME = r"(?<![\w$.])([A-Za-z_$][\w$]{0,60})"
_INNER = r"(?:\??\.\w{1,60}|\[[^\]\n]{0,80}\])"
_CHANGES = (
    # x.y = 1, x[k] += 1
    re.compile(rf"{_NAME}{_INNER}{{1,4}}\s{{0,4}}(?:[-+*|/&]|\?\?|\|\|)?=(?![=>])"),
    re.compile(
        rf"{_NAME}{_INNER}{{0,3}}\.(?:append|appendleft|push|extend|update|add|pop|popleft|remove|setdefault|insert"
        r"|unshift|splice|clear|discard|set|sort|reverse)\("
    ),
    re.compile(rf"\b(?:del|delete)\s{{1,4}}{_NAME}"),
    re.compile(rf"{_NAME}\s{{0,4}}(?:\+\+|--|[-+*/|&]=)"),
)
_SET = re.compile(rf"{_NAME}(?::[ \t]{{0,4}}[\w<>\[\], .|]{{1,60}})?\s{{0,4}}=(?![=>])")
_SURELY = re.compile(r"\bglobal\s|\bnonlocal\s|\byield\b|\+\+\w")
#: What a name is set from where it is the function's own: a literal, an object that it makes, a copy.
_OWN = re.compile(
    r"\s{0,9}(?:await\s)?(?:[{\[(\"'`]|[fbr]{1,2}[\"']|-?\d"
    r"|(?:new\s{1,4})?(?!\w{0,40}(?:Session|Client|Redis|Conn|Engine|Store|Queue|Database|DB|Pool|Socket))[A-Z]\w{0,60}\("
    r"|(?:dict|list|set|tuple|str|int|float|bool|sorted|defaultdict|make_response|jsonify|redirect)\("
    r"|[\w.]{1,60}\.(?:copy|to_dict|split|make_response|items)\()"
)


def keeps(text: str, parameters: frozenset[str], state: frozenset[str]) -> bool:
    """
    Return whether *text* of a function with *parameters* changes what is not its own; *state* is what the module holds.

    Its own is a name that it never sets from anything but what it makes itself.
    """
    if len(text) > _SHORT or _SURELY.search(text):
        return True
    own: dict[str, bool] = {}
    for match in _SET.finditer(text):
        own[match[1]] = own.get(match[1], True) and _OWN.match(text, match.end()) is not None
    changed = {match[1] for pattern in _CHANGES for match in pattern.finditer(text)}
    return bool(own.keys() & state) or any(name in parameters or not own.get(name, False) for name in changed)
