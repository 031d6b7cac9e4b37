"""Looks into composed YAML, whose nodes know their lines; whatever is of another shape is nothing."""

from __future__ import annotations

import yaml


def child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return what the mapping *node* has under *key*; None where there is none, or no mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of the list *node*; none where it is no list."""
    return node.value if isinstance(node, yaml.SequenceNode) else []


def text(node: yaml.Node | None) -> str:
    """Return the scalar *node* as it is written; empty where it is none."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def texts(node: yaml.Node | None) -> list[str]:
    """Return the scalars of *node*: of a list, or of one that stands alone."""
    return [text(one) for one in items(node)] or [text(node)]
