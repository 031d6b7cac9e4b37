"""
Reads GitHub Actions workflows and composite actions (Forgejo's and Gitea's are the same language).

Events and their filters: docs.github.com, "Workflow syntax for GitHub Actions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checks.facts.delivery.pipeline import Part
from checks.facts.delivery.purposes import Purpose, hidden_in, purposes_by_weight, purposes_of_action
from checks.facts.yaml_text import load_all

_PULL = frozenset({"pull_request", "pull_request_target", "merge_group"})
_HIDDEN = 20  # commands that are named
_NEVER = re.compile(r"^(?:\$\{\{)?\s*(?:false|0|'')\s*(?:\}\})?$", re.IGNORECASE)


def read_workflow(text: str) -> Part:
    """Return what the workflow in *text* does. Raises BadYamlError."""
    workflow = _mapping(load_all(text))
    jobs = workflow.get("jobs")
    starts = _starts(workflow.get("on")) if isinstance(jobs, dict) else {}
    wanted = [job for job in _distinct(jobs.values()) if not _off(job)] if isinstance(jobs, dict) else []
    pulls = not _PULL.isdisjoint(starts)
    pushes = "push" in starts and not _tags_only(starts["push"])
    return _work(wanted).part("github", automatic=pulls or pushes, pulls=pulls, starts=tuple(starts))


def read_action(text: str) -> Part:
    """Return what the composite action in *text* does. Raises BadYamlError."""
    runs = _mapping(load_all(text)).get("runs")
    return _work([runs] if isinstance(runs, dict) else []).part("action", automatic=False, pulls=False, starts=())


def _mapping(documents: list[Any]) -> dict[str, Any]:
    return documents[0] if documents and isinstance(documents[0], dict) else {}


def _starts(events: Any) -> dict[str, Any]:
    """Return the events of `on:` with their filters; it may be one word, a list, or a mapping."""
    if isinstance(events, str):
        return {events: None}
    if isinstance(events, list):
        return {event: None for event in events if isinstance(event, str)}
    return {str(event): filters for event, filters in events.items()} if isinstance(events, dict) else {}


def _tags_only(filters: Any) -> bool:
    return isinstance(filters, dict) and "tags" in filters and not {"branches", "branches-ignore"} & filters.keys()


def _off(block: dict[str, Any]) -> bool:
    """Whether a job or step is switched off by `if: false`."""
    condition = block.get("if")
    return isinstance(condition, str) and bool(_NEVER.match(condition.strip()))


def _steps(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    steps = block.get("steps")
    if isinstance(steps, list):
        yield from (step for step in _distinct(steps) if not _off(step))


def _distinct(blocks: Any) -> Iterator[dict[str, Any]]:
    """Yield the mappings among *blocks*, each alias once, so that aliases cannot multiply the work."""
    seen: set[int] = set()
    for block in blocks:
        if isinstance(block, dict) and id(block) not in seen:
            seen.add(id(block))
            yield block


@dataclass(slots=True)
class _Work:
    """What jobs and steps do, as the fields of `Part` say it."""

    purposes: set[Purpose] = field(default_factory=set)
    tolerated: set[Purpose] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def add(self, block: dict[str, Any], *, tolerated: bool) -> None:
        """Note what *block*, a job or a step, runs and uses; *tolerated*: its failure is let through."""
        run, uses = block.get("run"), block.get("uses")
        to = self.tolerated if tolerated else self.purposes
        if isinstance(run, str):
            stopping, through = purposes_by_weight(run)
            to |= stopping
            self.tolerated |= through
            self.hidden.extend(hidden_in(run))
        if isinstance(uses, str) and uses.startswith("./"):
            self.calls.append(uses.removeprefix("./").rstrip("/"))
        elif isinstance(uses, str):
            to |= purposes_of_action(uses)
            if "/.github/workflows/" in uses:  # another repository's
                self.hidden.append(uses)

    def part(self, system: str, *, automatic: bool, pulls: bool, starts: tuple[str, ...]) -> Part:
        """Return it as a part."""
        return Part(
            system,
            automatic,
            pulls,
            starts,
            frozenset(self.purposes),
            tuple(dict.fromkeys(self.calls)),
            frozenset(self.tolerated - self.purposes),
            tuple(dict.fromkeys(self.hidden))[:_HIDDEN],
        )


def _work(jobs: list[dict[str, Any]]) -> _Work:
    """Return what *jobs* and their steps are for, and what they call; a step that aliases repeat counts once."""
    work = _Work()
    seen: set[int] = set()
    for job in jobs:
        for block in (job, *_steps(job)):
            if id(block) not in seen:
                seen.add(id(block))
                work.add(block, tolerated=_goes_on(job) or _goes_on(block))
    return work


def _goes_on(block: dict[str, Any]) -> bool:
    return str(block.get("continue-on-error", "")).strip().lower() == "true"
