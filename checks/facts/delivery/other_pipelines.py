"""
Reads the pipelines of everything but GitHub Actions, each by the same rough rule: every string is a command.

They start on a push unless their file says otherwise; which branches and which jobs is not looked into.
"""

from __future__ import annotations

import re
from typing import Any

from checks.facts.delivery.pipeline import Part
from checks.facts.delivery.purposes import purposes_of_action, purposes_of_all
from checks.facts.yaml_text import load_all, texts

#: The one place that each system reads, by the documentation of each.
SYSTEMS = {
    "GitLab CI": re.compile(r"^\.gitlab-ci\.ya?ml$"),
    "CircleCI": re.compile(r"^\.circleci/config\.ya?ml$"),
    "Azure Pipelines": re.compile(r"^(?:\.?azure[-_]?(?:pipelines|devops)?/)?[\w.-]*azure-pipelines[\w.-]*\.ya?ml$"),
    "Bitbucket Pipelines": re.compile(r"^bitbucket-pipelines\.ya?ml$"),
    "Drone": re.compile(r"^\.drone\.ya?ml$"),
    "Woodpecker": re.compile(r"^\.woodpecker(?:\.ya?ml|/[^/]+\.ya?ml)$"),
    "Travis CI": re.compile(r"^\.travis\.ya?ml$"),
    "AppVeyor": re.compile(r"^\.?appveyor\.ya?ml$"),
    "Buildkite": re.compile(r"^\.buildkite/[^/]+\.ya?ml$"),
    "Semaphore": re.compile(r"^\.semaphore/[^/]+\.ya?ml$"),
    "Cirrus CI": re.compile(r"^\.cirrus\.ya?ml$"),
    "sourcehut": re.compile(r"^(?:\.build|\.builds/[^/]+)\.ya?ml$"),
    "Cloud Build": re.compile(r"^cloudbuild\.ya?ml$"),
    "CodeBuild": re.compile(r"^buildspec\.ya?ml$"),
}
#: Keys whose text is no command; the name of a step says nothing of what it does.
_WORDS = frozenset(
    {"name", "displayName", "image", "description", "label", "key", "path", "paths", "if", "when", "env", "environment"}
    | {"variables", "only", "except", "rules", "needs", "depends_on", "artifacts", "cache", "reports", "coverage"}
    | {"stages", "tags", "branches", "triggers", "trigger", "services"}
)
_SHELL = re.compile(r"\b(?:sh|bat|powershell|pwsh)\s*(?:\(\s*)?(?:script\s*:\s*)?(\"\"\"|'''|\"|')(.*?)\1", re.DOTALL)
_COMMENT = re.compile(r"^\s*(?://|\*|/\*).*$", re.MULTILINE)
_PUSHES = frozenset({"push", "pull_request", "pull-request", "tag_or_push"})


def read_other(text: str, system: str) -> Part:
    """Return what the pipeline of *system* in *text* does. Raises BadYamlError."""
    documents = [document for document in load_all(text) if isinstance(document, dict)]
    purposes = purposes_of_all(texts(documents, without=_WORDS))
    if system == "CircleCI":  # orbs run as `python/test` or `node/test`: steps by their name alone
        words = texts(documents, without=_WORDS)
        purposes |= frozenset(
            p for word in words if re.fullmatch(r"[\w-]+/[\w-]+", word) for p in purposes_of_action(word)
        )
    if system == "Travis CI" and "node_js" in {document.get("language") for document in documents}:
        purposes |= purposes_of_all(["npm test"])  # its default script for node_js
    automatic = any(_automatic(document, system) for document in documents)
    return Part(system, automatic, automatic, () if automatic else ("hand",), purposes)


def read_jenkinsfile(text: str) -> Part:
    """Return what a Jenkinsfile does, by the strings given to sh, bat and powershell; a multibranch job starts it."""
    scripts = [match[2] for match in _SHELL.finditer(_COMMENT.sub("", text))]
    return Part("Jenkins", automatic=True, on_pull_request=True, purposes=purposes_of_all(scripts))


def _automatic(document: dict[str, Any], system: str) -> bool:
    match system:
        case "Azure Pipelines":
            return not (document.get("trigger") == "none" and document.get("pr") == "none")
        case "Bitbucket Pipelines":
            pipelines = document.get("pipelines")
            return isinstance(pipelines, dict) and bool({"default", "branches", "pull-requests"} & pipelines.keys())
        case "Drone" | "Woodpecker":
            events = _events(document.get("trigger")) | _events(document.get("when"))
            return not events or bool(events & _PUSHES)
        case _:
            return True


def _events(condition: Any) -> frozenset[str]:
    conditions = condition if isinstance(condition, list) else [condition]
    return frozenset(event for one in conditions if isinstance(one, dict) for event in texts(one.get("event", [])))
