"""
Gradio's, Dash's and Chainlit's apps: each is a page that anybody who finds the address may open, unless it asks who.

What such a script reads and stores stands at its top level and in its callbacks, so it is read from the text, as
directives of the outline. Gradio asks where `launch(auth=...)` or a mount says so, Dash where a package or the Flask
server below it does, Chainlit where a callback decides who may enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.facts.code.bodies import is_personal, reads_of
from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Outline
from checks.facts.routes.surface import Event, Site, Surface

_MARK = "page:"
_WRITES = re.compile(
    r"\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\.commit\(|append_row|\.insert\(|\.upsert\(|insert_one"
    r"|delete_one|update_one|to_sql\(|\.to_csv\(|\.to_excel\(|json\.dump\(",
    re.IGNORECASE,
)
_FILES = re.compile(r"[\"'](?P<name>[\w./-]{1,80})\.(?:csv|xlsx?|json|db|sqlite3?|parquet)[\"']")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One framework: what imports it, where its page begins, what asks for a login, and what to expect."""

    name: str
    imports: re.Pattern[str]
    begins: re.Pattern[str]
    asks: re.Pattern[str]


_KINDS = (
    _Kind(
        "Gradio",
        re.compile(r"^(?:import gradio\b|from gradio import)", re.MULTILINE),
        re.compile(r"\b(?:gr|gradio)\.(?:Blocks|Interface|ChatInterface|TabbedInterface)\(|\bmount_gradio_app\("),
        re.compile(r"\bauth(?:_dependency)?\s{0,9}=(?!=)\s{0,9}(?!None\b)|LoginButton\(|OAuthProfile|OAuthToken"),
    ),
    _Kind(
        "Dash",
        re.compile(r"^(?:import dash\b|from dash import)", re.MULTILINE),
        re.compile(r"(?:\bdash\.|(?<![\w.]))Dash\("),
        re.compile(
            r"\bdash_auth\b|LoginManager\(|login_required|current_user\.is_authenticated|before_request\b|OIDCAuth"
        ),
    ),
    _Kind(
        "Chainlit",
        re.compile(r"^(?:import chainlit\b|from chainlit import)", re.MULTILINE),
        re.compile(r"@(?:cl|chainlit)\.on_(?:message|chat_start)|@on_(?:message|chat_start)\b"),
        re.compile(r"\b(?:password_auth|oauth|header_auth)_callback\b"),
    ),
)
_EXPECTED = "a login before the page: launch(auth=...), dash_auth or LoginManager, @cl.password_auth_callback"


def pages_in(text: str, outline: Outline) -> Outline:
    """Return *outline*, of Python *text*, with what its page does where it is one of Gradio, Dash or Chainlit."""
    marks: list[str] = []
    for kind in _KINDS:
        first = kind.begins.search(text) if kind.imports.search(text) else None
        if first is None:
            continue
        marks.append(f"{_MARK}{kind.name}:{text.count(chr(10), 0, first.start()) + 1}")
        marks += [f"{_MARK}asks"] if kind.asks.search(text) else []
    if marks:
        names, fetches = reads_of(text)
        files = [match["name"].rpartition("/")[2] for match in _FILES.finditer(text)][:40]
        marks += [f"{_MARK}stores"] if _WRITES.search(text) else []
        marks += [f"{_MARK}reads"] if fetches or files else []
        marks += [f"{_MARK}data:{name}" for name in dict.fromkeys((*names, *files)) if is_personal(name)][:8]
    return replace(outline, directives=(*outline.directives, *marks)) if marks else outline


def python_pages(program: Program) -> Iterator[Surface]:
    """Yield, for each of the frameworks, the pages of *program*."""
    asks = any(f"{_MARK}asks" in module.outline.directives for module in program.modules.values())
    for kind in _KINDS:
        surface = Surface(kind.name, _EXPECTED, program)
        for module in program.modules.values():
            line = _value(module, f"{kind.name}:")
            if line:
                # One login for the whole app, wherever it is made: the page and its launch may be two files.
                event = _event(module, int(line[0]))
                surface.direct.append(event.but(known="the login that the app is launched with" if asks else ""))
        yield surface


def _event(module: Module, line: int) -> Event:
    marks = set(module.outline.directives)
    writes, reads = f"{_MARK}stores" in marks, f"{_MARK}reads" in marks
    traits = {"generic", *(("stores", "writes") if writes else ()), *(("reads",) if reads else ())}
    event = Event("route", Site(module.path), line, "/", "ANY" if writes else "GET", traits=frozenset(traits))
    return event.but(reads=_value(module, "data:"))


def _value(module: Module, name: str) -> tuple[str, ...]:
    """Return what follows *name* in the marks of *module*."""
    begins = _MARK + name
    return tuple(one.removeprefix(begins) for one in module.outline.directives if one.startswith(begins))
