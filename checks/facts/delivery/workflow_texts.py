"""The text of every workflow and composite action of GitHub Actions, to be handed to the audit as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.delivery import workflows
from checks.facts.yaml_text import LARGEST

_ACTION = re.compile(r"^(?:\.github/(?:[^/]+/)*)?action\.ya?ml$")
_RUNS = re.compile(r"^(?:jobs|runs|[\"'](?:jobs|runs)[\"'])[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class WorkflowTexts:
    """*texts* by path: workflows where a code host reads them, and the repository's own actions."""

    texts: Mapping[str, str]


def kind_of(path: str) -> str | None:
    """Return "workflow" or "action" where GitHub Actions could run *path*."""
    if workflows.kind_of(path) == "github":
        return "workflow"
    return "action" if _ACTION.search(path) else None


def read(text: str, _kind: str) -> str | None:
    """Return *text* itself; None where it has nothing that could run."""
    return text if _RUNS.search(text) else None


def join(parts: Mapping[str, str], _listing: Listing) -> WorkflowTexts:
    """Return all texts."""
    return WorkflowTexts(dict(sorted(parts.items())))


source = Collector(WorkflowTexts, str, kind_of, read, join, largest=LARGEST)
