"""Calls that keep what they get: which of the many methods called update or set write to a database."""

from __future__ import annotations

import re

from tree_sitter import Node

from checks.facts.code.literals import callee_of, short
from checks.facts.flows.evaluation import Evaluation
from checks.facts.flows.scopes import Scope
from checks.facts.flows.value import NOTHING, Value, either

_DATABASE = re.compile(
    r"prisma|\bdb\b|\btx\b|supabase|\.from\(|collection|objects|session|knex|table|repository|\bconn|curs|pool|client"
    r"|\.insert\(|\.update\(|setDoc|addDoc|updateDoc|setattr|drizzle|\bdb\w*\b|\w*db\b",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"^(?:\w+\.)*[A-Z]\w*\.(?:create|update|insertMany|bulkCreate|findOrCreate|findByIdAndUpdate|findOneAndUpdate|updateOne)$"
)
_NO_DATABASE = re.compile(
    r"openai|stripe|classList|style|Map|Set\b|cookies?|headers|localStorage|cache|params|URL|axios|intl", re.IGNORECASE
)


def store_fits(call: Node, callee: str) -> bool:
    """Whether the call of *callee* writes to a database, as far as its own text tells."""
    if _MODEL.match(callee):
        return not callee.startswith(("Object.", "Array.", "URL.", "JSON."))
    chain = short(call.child_by_field_name("function"), 600) or callee
    return _DATABASE.search(chain) is not None and _NO_DATABASE.search(chain) is None


def made_of(node: Node, scope: Scope, evaluation: Evaluation) -> Value:
    """Return what *node* is made of: of a new record, what its constructor got."""
    if node.type == "object":
        members = {short(pair.child_by_field_name("key"), 40): pair for pair in node.named_children[:20]}
        if members.keys() & {"where", "data"}:  # what a record is found by is not stored
            kept = [evaluation.value(members[key], scope) for key in ("data", "create", "update") if key in members]
            return either([NOTHING, *kept])
    value = evaluation.value(node, scope)
    if node.type == "identifier" and scope.language == "python":
        made = scope.bindings.get(short(node, 80), [])
        calls = [one.node for one in made[-3:] if one.node is not None and one.node.type == "call"]
        node = calls[-1] if calls else node
    if node.type == "call" and callee_of(node).rpartition(".")[2][:1].isupper():
        arguments = node.child_by_field_name("arguments")
        held = arguments.named_children[:60] if arguments is not None else []
        return either([NOTHING, *(evaluation.value(one, scope) for one in held)])
    return value
