"""Next.js pages for administrators that run in the browser, with a server action behind them that asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.browser.client_code import ClientCode
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served

_PAGE = re.compile(
    r"(?:^|/)(?:app|pages)/(?:.*/)?\(?(?:admin|internal|staff|dev|backoffice|manage\w*)\)?/(?:.*/)?[\w.-]*\.[jt]sx$"
)
_ACTS = frozenset({"writes", "stores", "destroys", "reads", "runs", "service_role"})


def bare_pages(routes: Routes, client: ClientCode) -> Iterator[tuple[str, int, str]]:
    """Yield (page, line, action) of each such page that imports an open action which reads or changes something."""
    actions: dict[str, dict[str, Served]] = {}
    for route in routes.served:
        if route.framework == "Next.js action" and route.guard == "open" and route.traits & _ACTS:
            actions.setdefault(route.file, {})[route.path.removeprefix("action:")] = route
    if not actions:
        return
    program = routes.program
    for path in sorted(client.paths):
        module = program.modules.get(path)
        if module is None or not _PAGE.search(path):
            continue
        for one in module.outline.imports:
            target = next(iter(program.files.named(path, one.module)), "")
            if one.name in actions.get(target, ()):
                called = next((body.line for body in module.outline.functions if one.local in body.calls), 1)
                yield path, called, one.name
                break
