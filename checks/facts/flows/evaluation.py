"""
Where the value of an expression comes from, as far as its own file tells: names back to what they were set from.

Asked of what stands in a sink, so only what reaches one is followed. Each node is looked at once; what lies deeper than
a person would follow is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import short
from checks.facts.code.syntax import line_of, text_of
from checks.facts.flows import sources
from checks.facts.flows.bound_values import STATE, taken, value_of_name
from checks.facts.flows.called_values import filled, value_of_call
from checks.facts.flows.scopes import File, Scope, dotted
from checks.facts.flows.value import NOTHING, Value, either, joined, unknown
from checks.facts.word_set import word_set

_DEEPEST = 24  # expressions within expressions, and names behind names
_MOST_ITEMS, _MOST_OPERANDS, _MOST_PIECES = 60, 400, 200
_LONGEST_LITERAL, _LONGEST_COPIED = 400, 20_000
_WRAPPERS = word_set(
    """
    await await_expression parenthesized_expression as_expression non_null_expression satisfies_expression
    spread_element list_splat dictionary_splat interpolation type_assertion template_substitution jsx_expression
    keyword_argument pair expression_list yield_expression named_expression
    """
)
_LITERALS = word_set(
    """
    integer float number true false none null undefined regex comparison_operator not_operator unary_expression
    unary_operator update_expression class function_expression arrow_function lambda jsx_element
    jsx_self_closing_element
    """
)
_NUMBERS = frozenset({"suffix", "stem", "__name__", "length", "size"})


class Evaluation:
    """Answers for one *file* where values come from."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._values: dict[int, Value] = {}
        self._depth = 0
        self._kinds: dict[str, Callable[[Node, Scope], Value]] = {
            **dict.fromkeys(("string", "template_string", "concatenated_string"), self._text),
            **dict.fromkeys(("identifier", "shorthand_property_identifier"), self._name),
            **dict.fromkeys(("attribute", "member_expression"), self._member),
            **dict.fromkeys(("subscript", "subscript_expression"), self._subscript),
            **dict.fromkeys(("call", "call_expression", "new_expression"), self._call),
            **dict.fromkeys(("binary_operator", "binary_expression", "boolean_operator"), self._binary),
            **dict.fromkeys(("conditional_expression", "ternary_expression"), self._either),
            **dict.fromkeys(("list_comprehension", "generator_expression"), self._body),
            **dict.fromkeys(("set_comprehension", "dictionary_comprehension"), self._body),
            "assignment_expression": self._right,
        }

    def value(self, node: Node | None, scope: Scope) -> Value:
        """Return where the value of *node*, standing in *scope*, comes from."""
        if node is None or node.type in _LITERALS:
            return NOTHING
        known = self._values.get(node.id)
        if known is not None:
            return known
        if self._depth > _DEEPEST:
            return unknown("")
        self._values[node.id] = NOTHING  # a value that rests on itself adds nothing
        self._depth += 1
        try:
            found = self._kinds.get(node.type, self._held)(node, scope)
        finally:
            self._depth -= 1
        self._values[node.id] = found
        return found

    def _held(self, node: Node, scope: Scope) -> Value:
        """Return what a wrapper, a list, a map or the like holds; the text of a list is no text."""
        if node.type in _WRAPPERS:
            inner = node.child_by_field_name("value") or node.child_by_field_name("expression")
            return self.value(inner or next(iter(node.named_children), None), scope)
        children = (child for child in islice(node.named_children, _MOST_ITEMS) if child.type != "comment")
        found = either([NOTHING, *(self.value(child, scope) for child in children)])
        return Value(found.origins, "", found.built)

    def _text(self, node: Node, scope: Scope) -> Value:
        pieces: list[Value] = []
        for child in islice(node.named_children, _MOST_PIECES):
            if child.type in {"string_content", "string_fragment", "escape_sequence"}:
                pieces.extend(self._content(child, scope))
            elif child.type in {"interpolation", "template_substitution", "string", "template_string"}:
                pieces.append(self.value(child, scope))
        if any(one.origins for one in pieces):
            return joined(pieces).spliced_at(line_of(node))
        return Value(text="".join(one.text or "x" for one in pieces)[:_LONGEST_LITERAL])

    def _content(self, node: Node, scope: Scope) -> Iterator[Value]:
        copied = node.end_byte - node.start_byte < _LONGEST_COPIED
        yield Value(text=text_of(node)[:_LONGEST_LITERAL] if copied else "x")
        for child in node.named_children[:20]:
            if child.type == "interpolation":
                yield self.value(child, scope)

    def _name(self, node: Node, scope: Scope) -> Value:
        return value_of_name(text_of(node), scope, node.start_byte, self.file, self.value)

    def _call(self, node: Node, scope: Scope) -> Value:
        return value_of_call(node, scope, self.file, self.value)

    def _right(self, node: Node, scope: Scope) -> Value:
        return self.value(node.child_by_field_name("right"), scope)

    def _body(self, node: Node, scope: Scope) -> Value:
        return self.value(node.child_by_field_name("body"), scope)

    def _either(self, node: Node, scope: Scope) -> Value:
        if node.type == "conditional_expression":
            ends: tuple[Node | None, ...] = (node.named_children[0], node.named_children[-1])
        else:
            ends = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
        return either([self.value(one, scope) for one in ends])

    def _member(self, node: Node, scope: Scope) -> Value:
        text = dotted(node)
        found = sources.by_name(text, scope, self.file, call=False) if text else None
        if found is not None:
            return found
        last = short(node.child_by_field_name("property") or node.child_by_field_name("attribute"))
        root = text.partition(".")[0]
        if last in _NUMBERS or (root in STATE and root not in scope.bindings and root not in scope.parameters):
            return NOTHING
        value = taken(self.value(node.child_by_field_name("object"), scope), last)
        return value.but_safe("path") if last == "name" and "filename" not in text else value

    def _subscript(self, node: Node, scope: Scope) -> Value:
        held = node.child_by_field_name("value") or node.child_by_field_name("object")
        key = node.child_by_field_name("subscript") or node.child_by_field_name("index")
        found = self.value(held, scope)
        if key is not None and key.type in {"string", "identifier"} and found.origins:
            return found.member(short(key, 40).strip("\"'"))
        return Value(found.origins, "", found.built)

    def _binary(self, node: Node, scope: Scope) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        match text_of(node.child_by_field_name("operator")):
            case "+":
                return joined([self.value(one, scope) for one in _operands(node)]).spliced_at(line_of(node))
            case "/" if node.type == "binary_operator":
                return joined([self.value(left, scope), self.value(right, scope)], boundary="/")
            case "%" if left is not None and left.type in {"string", "identifier", "concatenated_string"}:
                return filled(self.value(left, scope), self.value(right, scope))
            case "||" | "??" | "or":
                return either((self.value(left, scope), self.value(right, scope)))
            case "&&" | "and":
                return self.value(right, scope)
        return NOTHING


def _operands(node: Node) -> list[Node]:
    """Return the operands of a + b + c + ... in order, without recursion on their number."""
    found: list[Node] = []
    current: Node | None = node
    for _ in range(_MOST_OPERANDS):
        if current is None or current.type not in {"binary_operator", "binary_expression"}:
            break
        right = current.child_by_field_name("right")
        if text_of(current.child_by_field_name("operator")) != "+" or right is None:
            break
        found.append(right)
        current = current.child_by_field_name("left")
    return [*([current] if current is not None else []), *reversed(found)]
