"""Python's own http.server: classes with do_GET and its like, each of which answers every path."""

from __future__ import annotations

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.routes.node_servers import ANSWERS_ALL
from checks.facts.routes.registration import method_of
from checks.facts.routes.surface import Event, Site, Surface

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BASES = frozenset({"http.server.BaseHTTPRequestHandler", "http.server.SimpleHTTPRequestHandler"})
_EXPECTED = "a check at the top of the method that answers 401 to who is not signed in"


def python_servers(program: Program) -> Surface:
    """Return what the request handlers of *program* that stand on http.server answer."""
    surface = Surface("plain server", _EXPECTED, program)
    for path, module in program.modules.items():
        for one in module.outline.classes if module.outline.language == "python" else ():
            bases = [program.evaluate(path, "", base) for base in one.bases[:6]]
            if not any(base.kind == "external" and base.name in _BASES for base in bases):
                continue
            for method in _METHODS:
                function = module.functions.get(f"{one.name}.do_{method}")
                if function is not None:
                    event = Event("route", Site(path, one.name), function.line, "/*", method, traits=ANSWERS_ALL)
                    handler = method_of(Found("class", path, "", one.name), f"do_{method}")
                    surface.direct.append(event.but(handlers=(handler,)))
    return surface
