"""What the code imports from outside the repository and its language, by the names it uses for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of, line_of, parse, text_of
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.facts.word_set import word_set

# What has left the standard library since Python 3.11, or long ago, is no package either.
_LEFT = word_set("""
    asynchat asyncore cgi cgitb crypt distutils imp nntplib pipes smtpd sndhdr telnetlib urllib2 uu xdrlib
""")
_STANDARD = _LEFT | sys.stdlib_module_names
_NODE = word_set("""
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
    fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream
    string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib
""")
# A package of the registry; "@/x", "~/x", "#x" and "$lib/x" are aliases of the app's own, "node:x" is no package.
_PACKAGE = re.compile(r"(@[\w.-]+/)?[A-Za-z][\w.-]*(?=/|$)")
#: Where Python's imports may stand and still run when the module is loaded.
_OPENS = {"try_statement", "except_clause", "finally_clause", "if_statement", "elif_clause", "else_clause", "block"}


@dataclass(frozen=True, slots=True)
class Imported:
    """One top-level *name* of a package of *ecosystem* that a file imports, at *line*."""

    ecosystem: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class ImportsOfFile:
    """What one file imports when it is loaded."""

    imports: tuple[Imported, ...]


@dataclass(frozen=True, slots=True)
class Imports:
    """What the code imports from outside the repository and its language: {(ecosystem, name): (path, line)}."""

    first: Mapping[tuple[str, str], tuple[str, int]]


def read(text: str, kind: str) -> ImportsOfFile | None:
    """Return what *text*, in the language *kind*, imports; None where that is nothing."""
    found = dict.fromkeys(_python(text) if kind == "python" else _javascript(text, kind))
    return ImportsOfFile(tuple(found)) if found else None


def _python(text: str) -> Iterator[Imported]:
    waiting = [parse(text, "python").root_node]
    while waiting:
        for node in waiting.pop().named_children:
            if node.type in _OPENS:
                waiting.append(node)
            elif node.type in {"import_statement", "import_from_statement"}:
                names = node.children_by_field_name("module_name") or node.children_by_field_name("name")
                for name in names:
                    dotted = name.child_by_field_name("name") if name.type == "aliased_import" else name
                    top = text_of(dotted).partition(".")[0].strip()
                    if top and top not in _STANDARD:  # a relative import begins with a dot
                        yield Imported(PYPI, top, line_of(node))


def _javascript(text: str, language: str) -> Iterator[Imported]:
    for node in parse(text, language).root_node.named_children:
        source = node.child_by_field_name("source") or _required(node)
        name = _PACKAGE.match(text_of(source)[1:-1]) if source is not None and source.type == "string" else None
        if name is not None and name[0] not in _NODE:
            yield Imported(NPM, name[0], line_of(node))


def _required(node: Node) -> Node | None:
    """Return the string in `const x = require("...")`, or None."""
    declarator = next((child for child in node.named_children if child.type == "variable_declarator"), None)
    call = declarator.child_by_field_name("value") if declarator is not None else None
    if call is None or call.type != "call_expression" or text_of(call.child_by_field_name("function")) != "require":
        return None
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children[0] if arguments is not None and arguments.named_children else None


def join(parts: Mapping[str, ImportsOfFile], listing: Listing) -> Imports:
    """Return the first import of each package by code that runs; modules of the repository itself are no packages."""
    own = {piece.removesuffix(".py") for path in listing.paths if path.endswith(".py") for piece in path.split("/")}
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for path, part in sorted(parts.items()):
        # What a person starts by hand runs on that person's machine.
        for one in part.imports if tier_of(path) is Tier.CODE and not is_run_by_hand(path) else ():
            if one.ecosystem == NPM or one.name not in own:
                first.setdefault((one.ecosystem, one.name), (path, one.line))
    return Imports(first)


source = Collector(
    fact=Imports,
    part=ImportsOfFile,
    kind_of=language_of,
    read=read,
    join=join,
    parsers=PARSERS,
)
