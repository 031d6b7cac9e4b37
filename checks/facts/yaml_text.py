"""
Reads YAML that a stranger wrote: pure Python, every scalar a string, bounded in size, depth and aliases.

`yaml.CSafeLoader` ends the process on 50,000 brackets. BaseLoader makes nothing but strings, lists and dicts, so that
`on:` stays a word, `!reference` of GitLab needs no constructor, and `<<` merges nothing: ten merges of ten aliases each
would otherwise make ten thousand million entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 256 * 1024  # characters; ten times the largest honest workflow seen
_DEEPEST = 40
_MOST_ALIASES = 1000


class BadYamlError(ValueError):
    """The text cannot be read as YAML, or not safely; says which."""


def load_all(text: str) -> list[Any]:
    """Return the documents of *text*, made of str, list and dict alone. Raises BadYamlError."""
    if len(text) > LARGEST:
        raise BadYamlError(f"larger than {LARGEST // 1024} KiB")
    documents = []
    try:
        loader = _Loader(text)
        while loader.check_data():  # type: ignore[no-untyped-call]
            documents.append(loader.get_data())
    except BadYamlError:
        raise
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        # The text of PyYAML's error quotes the file, which may hold a secret.
        raise BadYamlError("not valid YAML") from None
    return documents


def compose(text: str) -> yaml.Node | None:
    """Return the first document of *text* as nodes, which know their lines; None where it is empty. Raises as above."""
    if len(text) > LARGEST:
        raise BadYamlError(f"larger than {LARGEST // 1024} KiB")
    try:
        node: yaml.Node | None = _Loader(text).get_single_node()
    except BadYamlError:
        raise
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        raise BadYamlError("not valid YAML") from None
    return node


def texts(value: Any, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield every string in *value*, but for keys and for what lies under the keys *without*; each alias once."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, str):
            yield current
        elif id(current) not in seen:
            seen.add(id(current))
            if isinstance(current, dict):
                stack.extend(reversed([below for key, below in current.items() if key not in without]))
            elif isinstance(current, list):
                stack.extend(reversed(current))


class _Loader(yaml.BaseLoader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._aliases = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, and refuse what nests too deep or repeats itself too often."""
        if self.check_event(yaml.AliasEvent):
            self._aliases += 1
            if self._aliases > _MOST_ALIASES:
                raise BadYamlError(f"more than {_MOST_ALIASES} aliases")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadYamlError(f"nested deeper than {_DEEPEST} levels")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node
