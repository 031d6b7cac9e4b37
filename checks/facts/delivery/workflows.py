"""
Which pipelines a repository has, whether a push or a pull request starts them, and what they do with the code.

GitHub reads workflows in /.github/workflows alone; every other system likewise reads its file at one place. What lies
elsewhere is kept as *misplaced*, so that its author can be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from checks.fact import Collector, Listing
from checks.facts.delivery.github_workflows import read_action, read_workflow
from checks.facts.delivery.other_pipelines import SYSTEMS, read_jenkinsfile, read_other
from checks.facts.delivery.pipeline import Part
from checks.facts.delivery.purposes import Purpose
from checks.facts.yaml_text import BadYamlError

_GITHUB = re.compile(r"^\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"^\.github/actions/(?:[^/]+/)+action\.ya?ml$")
_ASTRAY = re.compile(r"(?:^|/)(?:\.?github/workflows|\.?workflows)/[^/]+\.ya?ml$|^\.github/[^/]+\.ya?ml$")
_SCANNER_ONLY = re.compile(r"(?:^|/)(?:node_modules|vendor|templates?|fixtures?|testdata|tests?)/")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """
    One pipeline. *automatic*: a push to a branch, or a pull request, starts it; else *starts* says what does.

    *purposes* are those of steps that can refuse a change, *tolerated* those of others; *hidden* are commands and
    workflows of which it cannot be told what they run.
    """

    path: str
    system: str
    automatic: bool
    starts: tuple[str, ...]
    purposes: frozenset[Purpose]
    on_pull_request: bool
    tolerated: frozenset[Purpose] = frozenset()
    hidden: tuple[str, ...] = ()

    @property
    def checks_code(self) -> bool:
        """Whether it can refuse a change: it tests or lints, or builds without being the way to ship."""
        if self.purposes & {Purpose.TEST, Purpose.LINT}:
            return True
        return Purpose.BUILD in self.purposes and (self.on_pull_request or Purpose.DEPLOY not in self.purposes)


@dataclass(frozen=True, slots=True)
class Workflows:
    """All pipelines; *misplaced* lie where nothing reads them; *unread* says in words which could not be read."""

    pipelines: tuple[Pipeline, ...]
    misplaced: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def checking(self) -> tuple[Pipeline, ...]:
        """The pipelines that a push or a pull request starts and that can refuse it."""
        return tuple(pipeline for pipeline in self.pipelines if pipeline.automatic and pipeline.checks_code)

    @property
    def building(self) -> tuple[Pipeline, ...]:
        """The pipelines that a push or a pull request starts and that build what they ship, no more."""
        return tuple(
            pipeline
            for pipeline in self.pipelines
            if pipeline.automatic and not pipeline.checks_code and Purpose.BUILD in pipeline.purposes
        )

    @property
    def running_tests(self) -> tuple[Pipeline, ...]:
        """The pipelines that run tests, however they are started."""
        return tuple(pipeline for pipeline in self.pipelines if Purpose.TEST in pipeline.purposes | pipeline.tolerated)


def kind_of(path: str) -> str | None:
    """Return which reader *path* needs, by its place alone."""
    if _GITHUB.search(path):
        return "github"
    if _ACTION.search(path):
        return "action"
    if path == "Jenkinsfile" or path.startswith("Jenkinsfile."):
        return "jenkins"
    for system, places in SYSTEMS.items():
        if places.search(path):
            return system
    if _ASTRAY.search(path) and not _SCANNER_ONLY.search(path):
        return "astray"
    return None


def read(text: str, kind: str) -> Part | None:
    """Return what the pipeline of *kind* written in *text* does; None for a stray file that is no workflow."""
    try:
        match kind:
            case "github":
                return read_workflow(text)
            case "action":
                return read_action(text)
            case "jenkins":
                return read_jenkinsfile(text)
            case "astray":
                return Part("astray") if read_workflow(text).starts else None
            case _:
                return read_other(text, kind)
    except BadYamlError as error:
        return None if kind == "astray" else Part(kind, fault=str(error))


def join(parts: Mapping[str, Part], _listing: Listing) -> Workflows:
    """Return all pipelines, each with what the local actions and workflows it calls do."""
    pipelines = []
    for path, part in parts.items():
        if part.system in {"action", "astray"} or part.fault:
            continue
        called = _called(part, parts)
        purposes = part.purposes.union(*(other.purposes for other in called))
        tolerated = part.tolerated.union(*(other.tolerated for other in called)) - purposes
        hidden = (*part.hidden, *(command for other in called for command in other.hidden))
        pipelines.append(
            Pipeline(path, part.system, part.automatic, part.starts, purposes, part.on_pull_request, tolerated, hidden)
        )
    by_path = {pipeline.path: pipeline for pipeline in pipelines}
    for path in _started_by_others(parts):
        by_path[path] = replace(by_path[path], automatic=True)
    return Workflows(
        tuple(by_path.values()),
        tuple(path for path, part in parts.items() if part.system == "astray"),
        tuple(f"{path} could not be read: {part.fault}" for path, part in parts.items() if part.fault),
    )


def _called(part: Part, parts: Mapping[str, Part]) -> list[Part]:
    """Return the parts of the local actions and workflows that *part* calls, at any depth."""
    found: dict[str, Part] = {}
    waiting = [part]
    while waiting:
        for call in waiting.pop().calls:
            for path in (call, f"{call}/action.yml", f"{call}/action.yaml"):
                if path in parts and path not in found:
                    found[path] = parts[path]
                    waiting.append(parts[path])
    return list(found.values())


def _started_by_others(parts: Mapping[str, Part]) -> set[str]:
    """Return the workflows that an automatic one calls: `on: workflow_call` starts nothing by itself."""
    automatic = [part for part in parts.values() if part.automatic]
    called = {id(other) for part in automatic for other in _called(part, parts)}
    return {path for path, part in parts.items() if id(part) in called and part.system == "github" and not part.fault}


source = Collector(Workflows, Part, kind_of, read, join, parsers=("pyyaml",))
