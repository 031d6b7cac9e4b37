"""What the tests of flows share: what reaches what in a small repository."""

from __future__ import annotations

from collections.abc import Mapping

from checks.example import facts_of
from checks.fact import needed
from checks.facts.flows.flow import FileFlows
from checks.facts.flows.flows import Flow, Flows
from checks.facts.flows.reading import read_flows


def flows_of(files: Mapping[str, str]) -> tuple[Flow, ...]:
    """Return the flows of *files*, {path: text}."""
    fact = facts_of(files, None, needed((Flows,)).values()).get(Flows).value
    assert isinstance(fact, Flows)
    return fact.flows


def reached(text: str, language: str, kind: str) -> set[str]:
    """Return "origin name" of what reaches a sink of *kind* in *text*, however far it was looked at."""
    part = read_flows(text, language) or FileFlows()
    return {f"{one.origin} {one.name}" for one in part.reaches if one.kind == kind}
