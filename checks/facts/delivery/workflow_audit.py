"""
What zizmor, the auditor of GitHub Actions, finds in the workflows; the parent runs it.

Its rules and what each means: https://docs.zizmor.sh/audits/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Question
from checks.facts.delivery.workflow_texts import WorkflowTexts


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One finding of zizmor's: *rule* is its name there ("template-injection"), *said* its own words.

    *severity* and *confidence* are zizmor's: "Informational", "Low", "Medium", "High". *about* is what it points at
    within the line: an expression, an action, an image; empty where that is the line itself. *line* counts from 1.
    """

    rule: str
    path: str
    line: int
    severity: str
    confidence: str
    said: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class WorkflowAudit:
    """All *faults*; *unseen* says in words which files zizmor could not read."""

    faults: tuple[Fault, ...] = ()
    unseen: tuple[str, ...] = ()


def ask(texts: WorkflowTexts) -> Mapping[str, str]:
    """Return what the parent is to have audited: {path: text}."""
    return texts.texts


def join(answer: WorkflowAudit, _texts: WorkflowTexts) -> WorkflowAudit:
    """Return *answer* as it is."""
    return answer


source = Question(WorkflowAudit, "workflow_audit", (WorkflowTexts,), ask, WorkflowAudit, join)
