"""
Where the value of an expression comes from, as far as its own file tells: names back to what they were set from.

Asked of what stands in a sink, so only what reaches one is followed. Each node is looked at once; what lies deeper than
a person would follow is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, keyword_of, short
from checks.facts.code.syntax import text_of
from checks.facts.flows import handing_on, sources
from checks.facts.flows.model_calls import gives_answer
from checks.facts.flows.scopes import ELEMENT, Binding, File, Scope, dotted
from checks.facts.flows.value import CALL, MODEL, NOTHING, UNKNOWN, Origin, Value, either, joined, named, unknown

_DEEPEST = 24  # expressions within expressions, and names behind names
_MOST_ITEMS = 60
_LONGEST_LITERAL = 400
_WRAPPERS = frozenset(
    {
        *("await", "await_expression", "parenthesized_expression", "as_expression", "non_null_expression"),
        *(
            "satisfies_expression",
            "spread_element",
            "list_splat",
            "dictionary_splat",
            "interpolation",
            "type_assertion",
        ),
        *("template_substitution", "jsx_expression", "keyword_argument", "pair", "expression_list", "yield_expression"),
    }
)
_LITERALS = frozenset(
    "integer float number true false none null undefined regex comparison_operator not_operator unary_expression "
    "unary_operator update_expression class function_expression arrow_function lambda jsx_element "
    "jsx_self_closing_element".split()
)
_STATE = frozenset({"self", "cls", "this", "super", "process", "os", "settings", "config", "Math", "import"})


class Evaluation:
    """Answers for one *file* where values come from."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._values: dict[int, Value] = {}
        self._depth = 0

    def value(self, node: Node | None, scope: Scope) -> Value:
        """Return where the value of *node*, standing in *scope*, comes from."""
        if node is None:
            return NOTHING
        known = self._values.get(node.id)
        if known is not None:
            return known
        if self._depth > _DEEPEST:
            return unknown("")
        self._values[node.id] = NOTHING  # a value that rests on itself adds nothing
        self._depth += 1
        try:
            found = self._value(node, scope)
        finally:
            self._depth -= 1
        self._values[node.id] = found
        return found

    def _value(self, node: Node, scope: Scope) -> Value:
        kind = node.type
        if kind in _WRAPPERS:
            inner = node.child_by_field_name("value") or node.child_by_field_name("expression")
            return self.value(inner or next(iter(node.named_children), None), scope)
        if kind in _LITERALS:
            return NOTHING
        match kind:
            case "string" | "template_string" | "concatenated_string":
                return self._text(node, scope)
            case "identifier" | "shorthand_property_identifier":
                return self.name(text_of(node), scope, node.start_byte)
            case "attribute" | "member_expression":
                return self._member(node, scope)
            case "subscript" | "subscript_expression":
                return self._subscript(node, scope)
            case "call" | "call_expression" | "new_expression":
                return self._call(node, scope)
            case "binary_operator" | "binary_expression" | "boolean_operator":
                return self._binary(node, scope)
            case "conditional_expression":
                ends = (node.named_children[0], node.named_children[-1])
                return either(self.value(one, scope) for one in ends)
            case "ternary_expression":
                return either(
                    self.value(node.child_by_field_name(one), scope) for one in ("consequence", "alternative")
                )
            case "named_expression" | "assignment_expression":
                return self.value(node.child_by_field_name("value") or node.child_by_field_name("right"), scope)
            case "list_comprehension" | "generator_expression" | "set_comprehension" | "dictionary_comprehension":
                return self.value(node.child_by_field_name("body"), scope)
        return self._held(node, scope)

    def _held(self, node: Node, scope: Scope) -> Value:
        """Return what a list, a map or the like holds; its text is no text."""
        children = (child for child in islice(node.named_children, _MOST_ITEMS) if child.type != "comment")
        found = either(self.value(child, scope) for child in children)
        return Value(found.origins, "", found.built)

    def _text(self, node: Node, scope: Scope) -> Value:
        pieces: list[Value] = []
        for child in islice(node.named_children, 200):
            if child.type in {"string_content", "string_fragment", "escape_sequence"}:
                pieces.extend(self._content(child, scope))
            elif child.type in {"interpolation", "template_substitution"}:
                pieces.append(self.value(child, scope))
            elif child.type in {"string", "template_string"}:
                pieces.append(self.value(child, scope))
        return joined(pieces) if any(one.origins for one in pieces) else _literal(pieces)

    def _content(self, node: Node, scope: Scope) -> Iterator[Value]:
        yield Value(text=text_of(node)[:_LONGEST_LITERAL] if node.end_byte - node.start_byte < 20_000 else "x")  # noqa: PLR2004
        for child in node.named_children[:20]:
            if child.type == "interpolation":
                yield self.value(child, scope)

    def name(self, name: str, scope: Scope, position: int) -> Value:
        """Return where the value of *name* comes from as it is read at byte *position* of *scope*."""
        at: Scope | None = scope
        while at is not None:
            bindings = at.bindings.get(name)
            if bindings:
                found = list(self._bound(bindings, at, position))
                if found:
                    if name in at.parameters and not self._replaced(bindings, position):
                        found.append(sources.of_parameter(at, at.parameters[name], self.file))
                    return either(found)
            if name in at.parameters:
                return self._parameter(at, name)
            position = at.node.start_byte
            at = at.parent
        if name in self.file.imports or name.isupper() or name in _STATE or name[:1].isupper():
            return NOTHING
        return unknown(name)

    def _replaced(self, bindings: list[Binding], position: int) -> bool:
        return any(one.start <= position <= one.until and one.how != "added" for one in bindings)

    def _bound(self, bindings: list[Binding], at: Scope, position: int) -> Iterator[Value]:
        """Yield what the bindings before *position* set, the last first, until one that surely ran."""
        chosen = [one for one in bindings if one.start <= position] or (bindings if not at.name else [])
        for one in islice(reversed(chosen), 12):
            yield self._of(one, at)
            if one.how != "added" and one.until >= position and one.start <= position:
                return

    def _of(self, binding: Binding, scope: Scope) -> Value:
        if binding.how == "opaque" or binding.node is None:
            return NOTHING
        found = self.value(binding.node, scope)
        path = binding.path
        if path and binding.node.type in {"object", "dictionary"}:
            return found
        for one in path:
            found = found if one == ELEMENT else self._taken(found, one)
        if binding.how == "each" or path:
            return Value(found.origins, "", found.built)
        return found

    def _taken(self, value: Value, member: str) -> Value:
        return NOTHING if member in {"length", "size"} else value.member(member)

    def _parameter(self, at: Scope, name: str) -> Value:
        parameter = at.parameters[name]
        found = sources.of_parameter(at, parameter, self.file)
        if at.inline and at.parent is not None and all(origin.kind == UNKNOWN for origin in found.origins):
            given = self._given(at, parameter.place)
            if given is not None:
                return given
        return found

    def _given(self, scope: Scope, place: str) -> Value | None:
        """Return what an unnamed function gets that is handed to a list's map, forEach or a promise's then."""
        arguments = scope.node.parent
        call = arguments.parent if arguments is not None and arguments.type in {"arguments", "argument_list"} else None
        function = call.child_by_field_name("function") if call is not None else None
        if function is None or scope.parent is None or function.type not in {"member_expression", "attribute"}:
            return None
        last = short(function.child_by_field_name("property") or function.child_by_field_name("attribute"))
        if last in _EACH and place.startswith("0" if last != "reduce" else "1"):
            whole = self.value(function.child_by_field_name("object"), scope.parent)
            member = place.partition(".")[2]
            found = whole.member(member) if member else whole
            return Value(found.origins)
        return None

    def _member(self, node: Node, scope: Scope) -> Value:
        text = dotted(node)
        found = sources.by_name(text, scope, self.file, call=False) if text else None
        if found is not None:
            return found
        inner = node.child_by_field_name("object")
        last = short(node.child_by_field_name("property") or node.child_by_field_name("attribute"))
        if last in {"length", "size", "suffix", "stem", "__name__"}:
            return NOTHING
        root = text.partition(".")[0]
        if root in _STATE and root not in scope.bindings and root not in scope.parameters:
            return NOTHING
        value = self._taken(self.value(inner, scope), last)
        return value.but_safe("path") if last == "name" and "filename" not in text else value

    def _subscript(self, node: Node, scope: Scope) -> Value:
        held = node.child_by_field_name("value") or node.child_by_field_name("object")
        key = node.child_by_field_name("subscript") or node.child_by_field_name("index")
        found = self.value(held, scope)
        label = short(key, 40).strip("\"'")
        if key is not None and key.type in {"string", "identifier"} and found.origins:
            return found.member(label)
        return Value(found.origins, "", found.built)

    def _binary(self, node: Node, scope: Scope) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        match text_of(operator) if operator is not None else "":
            case "+":
                return joined([self.value(one, scope) for one in self._chain(node)])
            case "/" if node.type == "binary_operator":
                return joined([self.value(left, scope), self.value(right, scope)], boundary="/")
            case "%" if left is not None and left.type in {"string", "identifier", "concatenated_string"}:
                return _filled(self.value(left, scope), self.value(right, scope))
            case "||" | "??" | "or":
                return either((self.value(left, scope), self.value(right, scope)))
            case "&&" | "and":
                return self.value(right, scope)
        return NOTHING

    def _chain(self, node: Node) -> list[Node]:
        """Return the operands of a + b + c + ... in order, without recursion on their number."""
        found: list[Node] = []
        current: Node | None = node
        for _ in range(400):
            if current is None or current.type not in {"binary_operator", "binary_expression"}:
                break
            operator = current.child_by_field_name("operator")
            right = current.child_by_field_name("right")
            if text_of(operator) != "+" or right is None:
                break
            found.append(right)
            current = current.child_by_field_name("left")
        return [*([current] if current is not None else []), *reversed(found)]

    def _call(self, node: Node, scope: Scope) -> Value:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        callee = dotted(function)
        if callee:
            found = sources.by_name(callee, scope, self.file, call=True)
            if found is not None:
                return found
        name = callee or callee_of(node)
        last = name.rpartition(".")[2]
        if gives_answer(name, self.file):
            return Value((Origin(MODEL, named(name)),))
        arguments = arguments_of(node)
        method = function is not None and function.type in {"attribute", "member_expression"}
        if handing_on.is_schema(name):
            return either([self.value(one, scope) for one in arguments[:2]]).through_schema()
        if handing_on.ends(name):
            return NOTHING
        safe = handing_on.safe_after(name)
        if handing_on.hands_on(name) or safe:
            return self._handed(name, node, arguments, scope, safe)
        if method and function is not None:
            return self._method(function, last, arguments, scope, name)
        return Value((Origin(CALL, named(name)),)) if name else NOTHING

    def _handed(self, name: str, node: Node, arguments: list[Node], scope: Scope, safe: tuple[str, ...]) -> Value:
        values = [self.value(one, scope) for one in arguments[:_MOST_ITEMS]]
        if name.endswith("format_html"):
            return NOTHING
        if handing_on.joins_path(name):
            found = joined(values, boundary="/")
        elif name in {"URL", "urljoin", "urllib.parse.urljoin"} and len(values) > 1:
            found = values[0] if node.type == "new_expression" else values[1]
        else:
            found = either(values) if len(values) > 1 else next(iter(values), NOTHING)
        if not values:
            function = node.child_by_field_name("function")
            found = self.value(function.child_by_field_name("object"), scope) if function is not None else NOTHING
        return found.but_safe(*safe) if safe else found

    def _method(self, function: Node, last: str, arguments: list[Node], scope: Scope, name: str) -> Value:
        """Return what a method of a value gives back: of a text the text, of an unknown object what nobody knows."""
        held = function.child_by_field_name("object")
        value = self.value(held, scope)
        if last in {"join", "concat"} and not any(one.kind == CALL for one in value.origins):
            return either([value, *(self.value(one, scope) for one in arguments[:4])])
        if last == "format" and value.text:
            return _filled(value, either([self.value(one, scope) for one in self._all(function)]))
        if last in {"replace", "replaceAll", "sub"} and arguments:
            return self._replaced_text(value, arguments, scope, last)
        if not value.origins:
            if held is not None and held.type in {"string", "template_string", "identifier"} and last in _OF_TEXT:
                return value
            root = dotted(held).partition(".")[0]
            return NOTHING if root in _STATE else Value((Origin(CALL, named(name)),))
        if all(origin.kind in {CALL, UNKNOWN, "parameter"} for origin in value.origins) and last not in _OF_TEXT:
            return Value((Origin(CALL, named(name)),))
        if last in {"get", "getlist", "getAll", "param", "header"} and arguments:
            call = function.parent
            if call is not None and short(keyword_of(call, "type")) in {"int", "float", "bool"}:
                return NOTHING
            key = short(arguments[0], 40).strip("\"'")
            return either([value.member(key), *(self.value(one, scope) for one in arguments[1:2])])
        return Value(value.origins, value.text, value.built)

    def _all(self, function: Node) -> list[Node]:
        call = function.parent
        arguments = call.child_by_field_name("arguments") if call is not None else None
        return list(arguments.named_children[:_MOST_ITEMS]) if arguments is not None else []

    def _replaced_text(self, value: Value, arguments: list[Node], scope: Scope, last: str) -> Value:
        pattern = short(arguments[0], 200)
        if last == "sub":
            value = either([self.value(one, scope) for one in arguments[1:3]])
        if handing_on.replaces_all(pattern):
            return value.but_safe("*")
        filled = self.value(arguments[1], scope) if len(arguments) > 1 and last != "sub" else NOTHING
        if filled.origins:
            return _filled(value, filled) if value.text else either([value, filled])
        if "'" in pattern.strip("\"'`/g") or pattern in {'"\'"', "/'/g"}:
            return value.but_safe("sql")
        return value.but_safe("html") if "<" in pattern or "&" in pattern else value


_EACH = frozenset("map forEach filter find flatMap some every reduce then sort".split())
_OF_TEXT = frozenset(
    "strip lstrip rstrip lower upper title capitalize split rsplit splitlines encode decode trim trimStart trimEnd "
    "toLowerCase toUpperCase toString slice substring substr concat at pop shift get items values keys copy casefold "
    "partition rpartition removeprefix removesuffix zfill ljust padStart padEnd normalize json text read charAt "
    "getlist getAll data filter map reverse flat valueOf".split()
)


def _literal(pieces: list[Value]) -> Value:
    return Value(text="".join(one.text or "x" for one in pieces)[:_LONGEST_LITERAL])


def _filled(form: Value, held: Value) -> Value:
    """Return *form*, a text with places, filled with *held*."""
    begins = form.text.lstrip().startswith(("%", "{"))
    if not held.origins:
        return form
    first = Value(text="" if begins else form.text or "x")
    return Value(joined([first, held]).origins + form.origins, form.text or "", built=True)
