"""Scripts that stand in a page or template and put fields of records into it as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from checks.facts.word_set import word_set

_HINT = re2.compile(r"nnerHTML|outerHTML|insertAdjacentHTML")
_WRITES = re.compile(
    r"\.(?:innerHTML|outerHTML)[ \t]{0,8}\+?=[ \t\n]{0,20}(?!=)"
    r"|\.insertAdjacentHTML\([ \t\n]{0,20}[\"'`]\w{1,20}[\"'`],[ \t]{0,8}"
)
_LONGEST = 3_000  # characters of what is written at one place
_MOST = 100  # places of one file
_ENDS = re.compile(r"`;|[\"')\]];?[ \t]{0,4}\n[ \t]{0,40}\n|;[ \t]{0,4}\n")
#: A field as it is, perhaps with a default: `${note.title || ''}`, `' + note.title + '`.
_FIELD = re.compile(
    r"\$\{[ \t]{0,4}([A-Za-z_$][\w$]{0,60}(?:\??\.[A-Za-z_$][\w$]{0,60}){1,4})[ \t]{0,4}"
    r"(?:(?:\|\||\?\?)[^{}\n]{0,80})?\}"
    r"|[\"'`][ \t\n]{0,20}\+[ \t\n]{0,20}([A-Za-z_$][\w$]{0,60}(?:\??\.[A-Za-z_$][\w$]{0,60}){1,4})[ \t\n]{0,20}\+"
)
_HARMLESS = word_set(
    """
    id pk length size count total index number num price amount qty quantity rank score page pages percent percentage
    width height x y year month day hours minutes seconds created_at updated_at createdAt updatedAt date time
    timestamp color colour icon cls className class classes html svg outerHTML innerHTML value status code level
    """
)
_STATE = re.compile(r"^(?:window|document|location|this|self|Math|config|settings|window\.\w+|[A-Z_]{3,})\.")


def fields_in_markup(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each place where *text* writes a field of a record as markup, and how the code calls it."""
    text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
    if _HINT.search(text) is None:
        return
    for number, match in enumerate(_WRITES.finditer(text)):
        if number >= _MOST:
            return
        written = text[match.end() : match.end() + _LONGEST]
        ends = _ENDS.search(written)
        field = next(_told(written[: ends.end()] if ends is not None else written), None)
        if field is not None:
            yield text.count("\n", 0, match.start()) + 1, field


def _told(written: str) -> Iterator[str]:
    for match in _FIELD.finditer(written):
        name = match[1] or match[2]
        if name.rpartition(".")[2] not in _HARMLESS and _STATE.match(name) is None:
            yield name
