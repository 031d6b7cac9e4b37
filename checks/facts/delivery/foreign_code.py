"""
Which workflows strangers can start with the repository's own rights, and where those fetch the strangers' code.

`pull_request_target`, comments, issues and the like run with secrets and a token that may write, whoever caused them
(https://securitylab.github.com/resources/github-actions-preventing-pwn-requests). That is safe while the workflow runs
only its own code; fetching the pull request's and then running anything hands all of it to its author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import yaml

from checks.fact import Collector, Listing
from checks.facts.delivery import workflow_texts
from checks.facts.delivery.yaml_nodes import child, items
from checks.facts.delivery.yaml_nodes import text as text_of
from checks.facts.yaml_text import LARGEST, BadYamlError, compose

_OPEN = frozenset(
    {"pull_request_target", "issue_comment", "issues", "discussion", "discussion_comment", "workflow_run", "fork"}
)
_FOREIGN = re.compile(
    r"github\.event\.pull_request\.(?:head|merge_commit_sha|number)|github\.head_ref|refs/pull/|event\.issue\.number"
    r"|github\.event\.workflow_run\.(?:head_|pull_requests)|github\.event\.number"
)
_FETCHED = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull)\b[^\n]{0,200}(?:\bpull/|refs/pull|head_ref|\.head\.)"
)
#: What a condition asks about who caused the event; and a label that only those who may write can set.
_ASKS_WHO = re.compile(
    r"author_association|\.full_name|\.fork\b|github\.(?:actor|triggering_actor)|\.(?:user|sender)\.login|\.labels?\b"
    r"|permission|collaborator|head_repository|membership"
)
_SCRIPTED = re.compile(r"author_association|collaborator|membership")  # a script that asks who it was, and may end it
_EXECUTES = re.compile(
    r"\b(?:npm|npx|pnpm|yarn|bun|node|pip3?|python3?|uv|poetry|tox|nox|pytest|make|cargo|go|mvn|gradle\w*|bundle|rake"
    r"|composer|php|docker|bash|sh|tsc|vite|next|playwright)\b|(?:^|\s)\./\S",
    re.MULTILINE,
)
_CHECKOUT = re.compile(r"^actions/checkout(?:@|$)")


@dataclass(frozen=True, slots=True)
class Job:
    """
    One job between the lines *first* and *last*. *guarded*: it asks who caused it, or waits for an environment.

    *fetches* is the line that fetches foreign code, *runs* whether something runs after that. *calls* are the local
    actions that it uses, with their lines.
    """

    first: int
    last: int
    guarded: bool = False
    fetches: int | None = None
    runs: bool = False
    calls: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A workflow that the events *starts* start, all of them ones that a stranger can cause; or an action (none)."""

    starts: tuple[str, ...]
    jobs: tuple[Job, ...]

    def job_at(self, line: int) -> Job | None:
        """Return the job that *line* stands in."""
        return next((job for job in self.jobs if job.first <= line <= job.last), None)


@dataclass(frozen=True, slots=True)
class ForeignCode:
    """The workflows, by path, that strangers can start with the repository's own rights."""

    workflows: Mapping[str, Opened]


def read(text: str, kind: str) -> Opened | None:
    """Return what of the workflow or action in *text* a stranger can start; None for nothing or where it is broken."""
    if kind == "workflow" and not any(event in text for event in _OPEN):
        return None
    try:
        document = compose(text)
    except BadYamlError:
        return None  # said by the audit, which cannot read it either
    if kind == "action":
        return Opened((), (_job(document, child(document, "runs"), text),))
    starts = tuple(_starts(child(document, "on")))
    jobs = child(document, "jobs")
    if not starts or not isinstance(jobs, yaml.MappingNode):
        return None
    return Opened(starts, tuple(_job(name, job, text) for name, job in jobs.value))


def join(parts: Mapping[str, Opened], _listing: Listing) -> ForeignCode:
    """Return the workflows, each job with what the local actions do that it uses."""
    opened = {path: part for path, part in parts.items() if part.starts}
    return ForeignCode(
        {path: replace(part, jobs=tuple(_followed(job, parts) for job in part.jobs)) for path, part in opened.items()}
    )


def _followed(job: Job, parts: Mapping[str, Opened]) -> Job:
    for call, line in job.calls:
        for path in (f"{call}/action.yml", f"{call}/action.yaml"):
            action = parts.get(path)
            if job.fetches is None and action is not None and action.jobs[0].fetches is not None:
                return replace(job, fetches=line, runs=True)
    return job


def _starts(events: yaml.Node | None) -> Iterator[str]:
    """Yield the events of `on:` that a stranger can cause, and that no filter keeps from them."""
    if isinstance(events, yaml.ScalarNode | yaml.SequenceNode):
        named = [events] if isinstance(events, yaml.ScalarNode) else events.value
        yield from (str(one.value) for one in named if one.value in _OPEN)
    elif isinstance(events, yaml.MappingNode):
        for name, filters in events.value:
            types = [str(one.value) for one in items(child(filters, "types"))]
            # Only those who may write set a label; and a run of the main branch is not a stranger's.
            closed = types == ["labeled"] or (name.value == "workflow_run" and child(filters, "branches") is not None)
            if name.value in _OPEN and not closed:
                yield str(name.value)


def _job(name: yaml.Node | None, job: yaml.Node | None, text: str) -> Job:
    """Return the job under the key *name*; one that needs another, or an environment, counts as guarded by that."""
    if name is None or job is None:
        return Job(0, 0)
    steps = items(child(job, "steps"))
    at = next((number for number, step in enumerate(steps) if _fetches(step)), None)
    waits = child(job, "environment") is not None or child(job, "needs") is not None
    guarded = waits or bool(_SCRIPTED.search(text[name.start_mark.index : job.end_mark.index]))
    asking = [job, *([steps[at]] if at is not None else [])]
    calls = [(text_of(child(step, "uses")), step.start_mark.line + 1) for step in steps]
    return Job(
        name.start_mark.line + 1,
        job.end_mark.line + 1,
        guarded or any(_ASKS_WHO.search(text_of(child(block, "if"))) for block in asking),
        steps[at].start_mark.line + 1 if at is not None else None,
        at is not None and any(_executes(step) for step in steps[at:]),
        tuple((uses.removeprefix("./").rstrip("/"), line) for uses, line in calls if uses.startswith("./"))[:20],
    )


def _fetches(step: yaml.Node) -> bool:
    if _CHECKOUT.search(text_of(child(step, "uses"))):
        return bool(_FOREIGN.search(text_of(child(child(step, "with"), "ref"))))
    return bool(_FETCHED.search(text_of(child(step, "run"))))


def _executes(step: yaml.Node) -> bool:
    """Whether *step* may run code of the files that lie there: a tool that builds or tests, or an action among them."""
    uses = text_of(child(step, "uses"))
    return bool(_EXECUTES.search(text_of(child(step, "run")))) or uses.startswith("./") or "build" in uses


source = Collector(ForeignCode, Opened, workflow_texts.kind_of, read, join, parsers=("pyyaml",), largest=LARGEST)
