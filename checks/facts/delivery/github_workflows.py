"""
Reads GitHub Actions workflows and composite actions (Forgejo's and Gitea's are the same language).

Events and their filters: docs.github.com, "Workflow syntax for GitHub Actions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.facts.delivery.pipeline import Part
from checks.facts.delivery.purposes import Purpose, purposes_of, purposes_of_action
from checks.facts.yaml_text import load_all

_PULL = frozenset({"pull_request", "pull_request_target", "merge_group"})
_NEVER = re.compile(r"^(?:\$\{\{)?\s*(?:false|0|'')\s*(?:\}\})?$", re.IGNORECASE)


def read_workflow(text: str) -> Part:
    """Return what the workflow in *text* does. Raises BadYamlError."""
    workflow = _mapping(load_all(text))
    jobs = workflow.get("jobs")
    starts = _starts(workflow.get("on")) if isinstance(jobs, dict) else {}
    wanted = [job for job in _distinct(jobs.values()) if not _off(job)] if isinstance(jobs, dict) else []
    purposes, calls = _work([*wanted, *(step for job in wanted for step in _steps(job))])
    pulls = not _PULL.isdisjoint(starts)
    pushes = "push" in starts and not _tags_only(starts["push"])
    return Part("github", pulls or pushes, pulls, tuple(starts), purposes, calls)


def read_action(text: str) -> Part:
    """Return what the composite action in *text* does. Raises BadYamlError."""
    runs = _mapping(load_all(text)).get("runs")
    purposes, calls = _work(list(_steps(runs)) if isinstance(runs, dict) else [])
    return Part("action", purposes=purposes, calls=calls)


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


def _work(blocks: list[dict[str, Any]]) -> tuple[frozenset[Purpose], tuple[str, ...]]:
    """Return what jobs and steps are for, and the local actions and workflows they call."""
    purposes: set[Purpose] = set()
    calls: list[str] = []
    seen: set[int] = set()
    for block in blocks:
        if id(block) in seen:
            continue
        seen.add(id(block))
        run, uses = block.get("run"), block.get("uses")
        if isinstance(run, str):
            purposes |= purposes_of(run)
        if isinstance(uses, str) and uses.startswith("./"):
            calls.append(uses.removeprefix("./").rstrip("/"))
        elif isinstance(uses, str):
            purposes |= purposes_of_action(uses)
    return frozenset(purposes), tuple(dict.fromkeys(calls))
