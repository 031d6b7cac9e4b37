"""Pages that a Python handler returns as a text of its own making: what stands in them unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.flows.evaluation import Evaluation
from checks.facts.flows.scopes import File, Scope
from checks.facts.flows.sources import decorators
from checks.facts.flows.value import Value

_ROUTE = re.compile(r"@\s*\w+(?:\.\w+)?\.(?:route|get|post|put|errorhandler)\b")
_TAG = re.compile(r"<[a-z!/]", re.IGNORECASE)


def pages_of(scope: Scope, file: File, evaluation: Evaluation) -> Iterator[tuple[Node, Value]]:
    """Yield each text with markup that the Flask handler *scope* returns, with its value."""
    if scope.language != "python" or not scope.returns or "flask" not in file.modules:
        return
    if _ROUTE.search(decorators(scope)) is None:
        return
    for node in scope.returns[:20]:
        value = evaluation.value(node, scope)
        if value.built and _TAG.search(value.text):
            yield node, value
