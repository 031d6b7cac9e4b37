"""Which web pages a value lets in: the one that an app gives as CORS origin, in Python and JavaScript alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from tree_sitter import Node

from checks.facts.code.literals import above, arguments_of, callee_of, short, string_of
from checks.facts.code.syntax import text_of, walk
from checks.facts.web.options import bare, conditions_of, entries, in_production, keywords, resolved


class Origins(StrEnum):
    """Whom a value lets in."""

    ANY = "any"  # the star
    REFLECTED = "reflected"  # whichever page asks is named in the answer
    PART = "part"  # whoever has an address with a certain text in it
    DEFAULT = "default"  # any, unless a variable says otherwise


_ASKED = re.compile(
    r"headers?(?:\.origin\b|\[\s*[\"'][oO]rigin[\"']\s*\]|\.get\(\s*[\"'][oO]rigin[\"'])"
    r"|\.(?:header|get)\(\s*[\"'][oO]rigin[\"']"
)
#: A condition that compares the origin with something lets not everybody in.
_COMPARES = re.compile(
    r"includes|\.has\(|\.some\(|\.test\(|match|startsWith|endsWith|indexOf|===|==|\bin\b|startswith|endswith|allowed",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(r"^/?\^?\(?(?:https?:\\?/\\?/)?\.[*+]\)?\$?/?\w*$|^/?\^?https\?:\\?/\\?/\.[*+]\$?/?$")
_READS = re.compile(r"getenv|environ|env|config|get\b|default|Field|list|str|parse", re.IGNORECASE)
_SPLITS = re.compile(r"\.(?:split|map|filter|strip|trim)$")
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function_declaration", "lambda"})
_YES = (["null", "true"], ["null", "origin"], ["undefined", "true"], ["None", "True"])
_LEAVES = re.compile(r"\b(?:return|throw|raise)\b")
_DEEPEST = 8


def origins_of(node: Node | None, names: Mapping[str, Node], depth: int = 0) -> Origins | None:  # noqa: PLR0911 - one answer a form
    """Return whom *node* lets in where that is everybody, else None; *names* are the file's (options.bindings)."""
    node = resolved(node, names)
    if node is None or depth > _DEEPEST:
        return None
    if node.type in {"string", "template_string"}:
        return Origins.ANY if (string_of(node) or "").strip() == "*" else None
    if node.type in {"true", "regex"}:
        return Origins.REFLECTED if node.type == "true" or _EVERYTHING.match(short(node)) else None
    if node.type in {"array", "list", "tuple", "set"}:
        return next((found for each in node.named_children[:50] if (found := origins_of(each, names, depth + 1))), None)
    if node.type in {"ternary_expression", "conditional_expression"}:
        return _of_choice(node, names, depth)
    if node.type in {"binary_expression", "boolean_operator"}:
        return _of_fallback(node, names, depth)
    if node.type in _FUNCTIONS:
        return _of_function(node)
    if node.type in {"call", "call_expression"} and not _ASKED.search(short(node)):
        return _of_call(node, names, depth)
    return Origins.REFLECTED if _ASKED.search(short(node)) else None


def _of_choice(node: Node, names: Mapping[str, Node], depth: int) -> Origins | None:
    """Return whom a choice lets in where the app runs for others."""
    if node.type == "conditional_expression":  # Python's: a if condition else b
        if len(node.named_children) < len(("then", "if", "else")):
            return None
        then, condition, otherwise = node.named_children[:3]
    else:
        parts = [node.child_by_field_name(name) for name in ("consequence", "condition", "alternative")]
        if parts[0] is None or parts[1] is None or parts[2] is None:
            return None
        then, condition, otherwise = parts[0], parts[1], parts[2]
    production = in_production(short(condition))
    if production is not None:
        return origins_of(then if production else otherwise, names, depth + 1)
    branches = [origins_of(each, names, depth + 1) for each in (then, otherwise)]
    if _COMPARES.search(short(condition)):
        branches = [each if each is Origins.ANY else None for each in branches]
    found = next((each for each in branches if each), None)
    return Origins.DEFAULT if found is Origins.ANY and None in branches else found


def _of_fallback(node: Node, names: Mapping[str, Node], depth: int) -> Origins | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    first, second = origins_of(left, names, depth + 1), origins_of(right, names, depth + 1)
    return first or (Origins.DEFAULT if second else None)


def _of_call(node: Node, names: Mapping[str, Node], depth: int) -> Origins | None:
    """Return whom `os.getenv("X", "*").split(",")`, `Field(default=["*"])` and their like let in."""
    function = node.child_by_field_name("function")
    if _SPLITS.search(callee_of(node)) and function is not None:
        return origins_of(function.child_by_field_name("object"), names, depth + 1)
    if not _READS.search(callee_of(node)):
        return None
    values = [*arguments_of(node), *(v for k, v in keywords(node).items() if k in {"default", "default_factory"})]
    found = any(origins_of(each, names, depth + 1) in {Origins.ANY, Origins.DEFAULT} for each in values)
    return Origins.DEFAULT if found else None


def _of_function(node: Node) -> Origins | None:
    """Return REFLECTED where a function `(origin, callback)` says yes on every way through it."""
    body = bare(node.child_by_field_name("body"))
    parameters = [short(each, 80) for each in _parameters(node)]
    if body is None or not parameters or body.end_byte - body.start_byte > 4_000:  # noqa: PLR2004 - bytes of an honest one
        return None
    if len(parameters) == 1:
        return Origins.REFLECTED if short(body) in {"true", "True", parameters[0].partition(":")[0]} else None
    answer = parameters[1].partition(":")[0].strip()
    said = [
        [short(argument, 80) for argument in arguments_of(each)]
        for each in walk(body)
        if each.type in {"call_expression", "call"} and callee_of(each) == answer
    ]
    yes = [
        len(each) > 1 and each[0] in {"null", "undefined", "None"} and each[1] in {"true", "origin"} for each in said
    ]
    if not said or not all(yes):
        return None
    return None if re.search(r"\bthrow\b", text_of(body)) else Origins.REFLECTED


def _parameters(node: Node) -> list[Node]:
    listed = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
    if listed is None:
        return []
    return [listed] if listed.type == "identifier" else listed.named_children[:4]


def checked_first(node: Node) -> bool:
    """Whether an if around *node*, or one that leaves before it, compares the origin with something."""
    if any(_COMPARES.search(condition) for condition, _ in conditions_of(node)):
        return True
    below = node
    for each in above(node):
        if each.type in {"statement_block", "block", "program", "module"}:
            for sibling in each.named_children[:60]:
                if sibling.id == below.id:
                    break
                condition = short(sibling.child_by_field_name("condition"))
                leaves = sibling.type == "if_statement" and re.search(
                    r"\b(?:return|throw|raise)\b", short(sibling, 600)
                )
                if leaves and "rigin" in condition and _COMPARES.search(condition):
                    return True
        below = each
    return False


def has_credentials(node: Node | None, names: Mapping[str, Node]) -> bool:
    """Whether the options *node* let browsers send cookies along."""
    value = resolved(entries(node).get("credentials"), names)
    return value is not None and short(value) in {"true", "True"}
