"""Places in templates where a value goes into the page as it is, and switches that do so for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import language_of
from checks.facts.flows.inline_markup import fields_in_markup
from checks.facts.tier import Tier, tier_of


@dataclass(frozen=True, slots=True)
class RawPlace:
    """*how* writes what it names raw at *line*; *name* is the expression, without literals."""

    line: int
    how: str
    name: str


@dataclass(frozen=True, slots=True)
class RawInFile:
    """The raw places of one file, by line."""

    places: tuple[RawPlace, ...]


@dataclass(frozen=True, slots=True)
class RawTemplates:
    """The raw places of all templates, by path."""

    files: Mapping[str, RawInFile]


_KINDS = {
    **dict.fromkeys(("html", "htm", "jinja", "jinja2", "j2", "djhtml", "njk", "swig", "twig"), "jinja"),
    **dict.fromkeys(("ejs", "eta"), "ejs"),
    **dict.fromkeys(("hbs", "handlebars", "mustache"), "handlebars"),
    "vue": "vue",
    "svelte": "svelte",
}
_MOST = 50  # of one file
_LONGEST = 2_000  # characters of a line that is looked at
_JINJA = (
    r"\{\{-?\s*(?P<value>[^{}|]{1,120})(?:\|[^{}|]{1,60}){0,4}?\|\s*(?:safe|raw)\b|\{%-?\s*autoescape\s+(?:false|off)\b"
)
_PATTERNS = {
    "jinja": _JINJA,
    "ejs": r"<%-\s*(?P<value>[^%]{1,120})%>",
    "handlebars": r"\{\{\{\s*(?P<value>[^{}]{1,120})\}\}\}",
    "vue": r"\bv-html\s*=\s*[\"'](?P<value>[^\"']{1,120})",
    "svelte": r"\{@html\s+(?P<value>[^{}]{1,120})\}",
    "code": r"\bauto_?escape[\"']?\s*[=:]\s*(?:False|false)\b",
}
_COMPILED = {kind: re2.compile(pattern) for kind, pattern in _PATTERNS.items()}
_HOW = {
    "jinja": "the filter `safe`",
    "ejs": "`<%-`",
    "handlebars": "`{{{`",
    "vue": "`v-html`",
    "svelte": "`{@html}`",
    "code": "`autoescape` switched off",
}
#: What makes its own markup, or is escaped before it gets here.
_MEANT = re.compile(
    r"\binclude\b|\bbody\b|tojson|json_script|\bform\b|csrf|\bsuper\(|\bcaller\(|sanitiz|purif|escape|\brender|static|icon"
    r"|svg|script|styles?\b|\bnonce|widget|field|pagination|JSON\.stringify|_\(|\bt\(|gettext|trans|layout|contentFor",
    re.IGNORECASE,
)
_TAG = re2.compile(r"<[A-Za-z!/]")
_NAMES = re.compile(r"[^\w.\[\]]+")


def kind_of(path: str) -> str | None:
    """Return as what template *path* is read, "code" for what may switch escaping off, or None."""
    if tier_of(path) is not Tier.CODE:
        return None
    return _KINDS.get(path.rpartition(".")[2].lower()) or ("code" if language_of(path) else None)


def read(text: str, kind: str) -> RawInFile | None:
    """Return where *text* writes values raw, or None."""
    if kind == "jinja" and _TAG.search(text) is None:
        return None  # a template of a title or a message: no page
    found = list(_filtered(text, kind))
    if kind != "code":
        found += [RawPlace(line, "`innerHTML` of a script", name[:60]) for line, name in fields_in_markup(text)]
    return RawInFile(tuple(found[:_MOST])) if found else None


def _filtered(text: str, kind: str) -> Iterator[RawPlace]:
    """Yield where *text* says that a value is to be written as it is."""
    pattern = _COMPILED[kind]
    if pattern.search(text) is None:
        return
    for number, line in enumerate(text.split("\n"), 1):
        match = pattern.search(line[:_LONGEST])
        if match is None:
            continue
        value = match.groupdict().get("value") or ""
        if value and _MEANT.search(match[0]):
            continue
        how = _HOW[kind if value else "code"]
        yield RawPlace(number, how, _NAMES.sub(" ", value).strip()[:60])


def join(parts: Mapping[str, RawInFile], _listing: Listing) -> RawTemplates:
    """Return the raw places of all files."""
    return RawTemplates(dict(parts))


source = Collector(fact=RawTemplates, part=RawInFile, kind_of=kind_of, read=read, join=join)
