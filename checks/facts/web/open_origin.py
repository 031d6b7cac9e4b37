"""One place of an app that lets the pages of any site read its answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tree_sitter import Node

from checks.facts.web.options import is_conditional, only_in_development
from checks.facts.web.origins import Origins


@dataclass(frozen=True, slots=True)
class OpenOrigin:
    """
    One place: *line* from 1; *origins* a value of checks.facts.web.origins.Origins; *way* who sets it, in one word.

    *credentials* where browsers send cookies along and get to show the answer to the page. *whole* where it holds for
    all of the app, not for the answer at hand.
    """

    line: int
    origins: str
    way: str
    shape: str
    credentials: bool = False
    whole: bool = False


def placed(node: Node, found: OpenOrigin) -> OpenOrigin | None:
    """Return *found* as it holds where *node* stands: not in development alone, and less surely under a condition."""
    if only_in_development(node):
        return None
    weaker = found.origins != Origins.PART and is_conditional(node)
    return replace(found, origins=Origins.DEFAULT.value) if weaker else found
