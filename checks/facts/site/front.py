"""The front door of the app where it runs: its first page, its certificate, and what it says to a path it has not."""

from __future__ import annotations

from checks.check import NotChecked
from checks.fact import Question
from checks.facts.site.replies import Front
from checks.model import Placement

#: One sentence for every check of this family, so that the verdict says it once.
NO_ADDRESS = "no live address was given, so what really runs was not looked at"


def ask() -> None:
    """Ask nothing in particular: the parent knows which address was given."""


def join(answer: Front) -> Front:
    """Return *answer* as it is."""
    return answer


def answering(front: Front) -> Front:
    """Return *front* where the site answered; raises NotChecked, mildly only where no address was given."""
    if not front.given:
        raise NotChecked(NO_ADDRESS, allows=Placement.ISOLATED)
    if front.untold:
        raise NotChecked(front.untold)
    return front


source = Question(fact=Front, topic="site", needs=(), ask=ask, answer=Front, join=join)
