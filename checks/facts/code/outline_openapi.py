"""Reads an OpenAPI document into an outline: its operations, where they stand, who answers them, what secures them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from checks.facts.code.outline import Operation, Outline
from checks.facts.yaml_text import BadYamlError, compose

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_NAMES_FUNCTIONS = re.compile(r"operationId[\"']?\s*:\s*[\"']?\w+\.\w|x-(?:openapi|swagger)-router-controller")
_MOST = 3_000  # operations


def read_openapi(text: str) -> Outline | None:
    """Return the operations of *text*, YAML or JSON; None where no function of Python is said to answer any."""
    if not _NAMES_FUNCTIONS.search(text):
        return None  # documentation: nothing serves from it, and large ones take seconds to read
    try:
        root = compose(text)
    except BadYamlError:
        return Outline("openapi", truncated=True)
    paths = _at(root, "paths")
    if not isinstance(paths, yaml.MappingNode):
        return None
    secured = _secured(root, None)
    operations: list[Operation] = []
    for path_node, methods in paths.value[:_MOST]:
        for method_node, operation in methods.value if isinstance(methods, yaml.MappingNode) else ():
            if str(method_node.value) in _METHODS and len(operations) < _MOST:
                line = method_node.start_mark.line + 1
                handler = _handler(operation, root)
                own = _secured(operation, secured)
                path = str(path_node.value)[:200]
                operations.append(Operation(str(method_node.value).upper(), path, line, handler, own))
    return Outline("openapi", operations=tuple(operations))


def _pairs(node: object) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _at(node: object, name: str) -> yaml.Node | None:
    return next((value for key, value in _pairs(node) if key == name), None)


def _secured(node: object, default: bool | None) -> bool | None:
    """Return whether the `security` of *node* asks for something; [] and [{}] ask for nothing."""
    security = _at(node, "security")
    if not isinstance(security, yaml.SequenceNode):
        return default
    return bool(security.value) and all(isinstance(one, yaml.MappingNode) and one.value for one in security.value)


def _handler(operation: object, root: object) -> str:
    """Return the dotted name of the function that answers *operation*, as connexion finds it."""
    named = _at(operation, "operationId")
    router = _at(operation, "x-openapi-router-controller") or _at(operation, "x-swagger-router-controller")
    router = router or _at(root, "x-openapi-router-controller")
    parts = [str(node.value) for node in (router, named) if node is not None and isinstance(node.value, str)]
    return ".".join(parts)[:200]
