"""Routes that connexion serves from an OpenAPI document: its operations, their security, and their functions."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Expr, Import
from checks.facts.routes.registration import split, text_in
from checks.facts.routes.surface import Event, Handler, Site, Surface, joined

_EXPECTED = "`security` on the operation, or a check in its function"


def openapi(program: Program) -> Surface:
    """Return what the OpenAPI documents that *program* hands to connexion serve; other documents serve nothing."""
    surface = Surface("connexion", _EXPECTED, program)
    documents = {path: one for path, one in program.modules.items() if one.outline.operations}
    for where, name, base in _handed_over(program) if documents else ():
        for path, module in documents.items():
            if posixpath.basename(path) != posixpath.basename(name):
                continue
            for operation in module.outline.operations:
                found = program.imported(where, Import("", *_halves(operation.handler)))
                event = Event("route", Site(path), operation.line, joined(base, operation.path), operation.method)
                handlers = (Handler(Site(where), Expr("other"), operation.handler, found),)
                known = "security in the specification" if operation.secured else ""
                surface.direct.append(event.but(handlers=handlers, known=known))
    return surface


def _handed_over(program: Program) -> Iterator[tuple[str, str, str]]:
    """Yield (file, document, base path) of each `add_api(...)`."""
    for path, module in program.modules.items():
        for call in module.outline.calls if module.outline.language == "python" else ():
            first = call.value.items[0] if call.value.items else call.value.get("specification")
            if split(call.value)[1] == "add_api" and first is not None:
                site = Site(path, call.scope)
                base = text_in(program, site, call.value.get("base_path"))
                yield path, text_in(program, site, first), base


def _halves(dotted: str) -> tuple[str, str]:
    module, _, name = dotted.rpartition(".")
    return module, name
