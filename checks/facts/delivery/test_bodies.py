"""
Counts the tests in a source file that assert something, by its syntax tree.

A test is what the frameworks find: in Python a function named test*, in JavaScript and TypeScript a call of it or test.
It counts where its body asserts something that could be false: `assert True` and `expect(1).toBe(1)` do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from checks.facts.code.syntax import parse, text_of, walk

_TEST_CALL = re.compile(
    r"^(?:it|test|specify|scenario|Deno\.test|t\.test|QUnit\.test)(?:\.(?:each|concurrent|only|step|for))*\b"
)
_SKIPPED = re.compile(r"\.(?:skip|todo|fixme)\b")
_ASSERTS = re.compile(
    r"^(?:expect|assert|should|chai|fail|t\.)|\.(?:should|expect)\b|\.(?:assert\w*|raises|warns|to[A-Z]\w*|fail\w*)$"
)
#: Names that belong to the assertion itself; what else is named is what it is about.
_VOCABULARY = re.compile(
    r"^(?:expect|assert\w*|should\w*|chai|fail\w*|self|cls|t|pytest|unittest|raises|warns)$", re.IGNORECASE
)
_MAIN = re.compile(r"^if\s+__name__\s*==", re.MULTILINE)
_RUNNER_MAIN = re.compile(r"\b(?:unittest|pytest|django)\.main\(|\bpytest\.main\b")
_BOILERPLATE = re.compile(
    r"learn react", re.IGNORECASE
)  # what create-react-app writes, and what fails once it is edited


@dataclass(frozen=True, slots=True)
class Body:
    """What one file holds: *tests* that assert something, *hollow* ones that do not; *script*: it runs itself."""

    tests: int
    hollow: int
    script: bool


def count(text: str, language: str) -> Body:
    """Return what the source *text* in *language* (as `language_of` names it) holds."""
    root = parse(text, language).root_node
    bodies = list(_python_tests(root) if language == "python" else _javascript_tests(root))
    real = sum(_asserts(body) for body in bodies if not _BOILERPLATE.search(text_of(body)))
    script = language == "python" and bool(_MAIN.search(text)) and not _RUNNER_MAIN.search(text)
    return Body(real, len(bodies) - real, script)


def _python_tests(root: Node) -> Iterator[Node]:
    for node in walk(root):
        if node.type == "function_definition" and text_of(node.child_by_field_name("name")).startswith("test"):
            yield node


def _javascript_tests(root: Node) -> Iterator[Node]:
    for node in walk(root):
        if node.type == "call_expression":
            called = text_of(node.child_by_field_name("function"))
            if _TEST_CALL.match(called) and not _SKIPPED.search(called) and _takes_function(node):
                yield node


def _takes_function(call: Node) -> bool:
    given = call.child_by_field_name("arguments")
    return given is not None and any("function" in argument.type for argument in given.named_children)


def _asserts(body: Node) -> bool:
    """Whether *body* holds an assertion about something that is not a literal."""
    return any(_is_assertion(node) and any(map(_names_something, walk(node))) for node in walk(body))


def _is_assertion(node: Node) -> bool:
    if node.type in {"call", "call_expression"}:
        return bool(_ASSERTS.search(text_of(node.child_by_field_name("function"))))
    return node.type == "assert_statement"


def _names_something(node: Node) -> bool:
    return node.type == "identifier" and not _VOCABULARY.match(text_of(node))
