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

from checks.facts.syntax import parse, text_of, walk

_TEST_CALL = re.compile(
    r"^(?:it|test|specify|scenario|Deno\.test|t\.test|QUnit\.test)(?:\.(?:each|concurrent|only|step|for))*\b"
)
_SKIPPED = re.compile(r"\.(?:skip|todo|fixme)\b")
_ASSERT_CALL = re.compile(
    r"^(?:await\s+)?(?:self|cls|assert|expect|should|t|chai|cy|np\.testing|numpy\.testing|mock|pytest)\b"
    r".*\b(?:assert\w*|expect|should|fail\w*|raises|warns|ok|is|not|equals?|deep\w*|strict\w*|throws|rejects|contains?|be|to\w*)$"
    r"|\.(?:assert\w*|should\w*|expect\w*|raises)$|^(?:assert\w*|expect\w*|fail)$",
    re.DOTALL,
)
_NAMES = frozenset({"identifier", "member_expression", "attribute", "call", "call_expression", "await"})
_LITERAL_NAMES = frozenset({"True", "False", "true", "false", "undefined"})
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
            if _TEST_CALL.match(called) and not _SKIPPED.search(called):
                yield node


def _asserts(body: Node) -> bool:
    """Whether *body* holds an assertion about something that is not a literal."""
    for node in walk(body):
        if node.type == "assert_statement":
            said = node
        elif node.type in {"call", "call_expression"} and _ASSERT_CALL.search(
            text_of(node.child_by_field_name("function"))
        ):
            said = node.child_by_field_name("arguments") or node
            if not said.named_children:
                return True  # t.pass(), cy.should(), mock.assert_called_once(): about what stands before the dot
        else:
            continue
        if any(_names_something(part) for part in walk(said)):
            return True
    return False


def _names_something(node: Node) -> bool:
    return node.type in _NAMES and text_of(node) not in _LITERAL_NAMES
