"""What the texts of a repository tell whoever has to run the app: starting it, deploying, going back, whom to call."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import re2

from checks.fact import Collector, Listing
from checks.facts.tier import Tier, tier_of


class Topic(StrEnum):
    """What a text tells; the value completes "how to ..." or stands for itself."""

    RUN = "how to start it"
    DEPLOY = "how to deploy it"
    RECOVER = "how to go back or what to do when it fails"
    CONTACT = "whom to call"


@dataclass(frozen=True, slots=True)
class Told:
    """One text: the names of the topics it tells."""

    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instructions:
    """All texts: where each topic is told first, by its name; *readme* is the outermost README's path, or empty."""

    told: Mapping[str, str]
    readme: str = ""


def _words(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(pattern, options)


_TOPICS = {
    Topic.RUN: _words(
        r"npm (?:run |start|i\b|install|ci)|yarn (?:dev|start|install)|pnpm |bun (?:run|dev|install)|pip3? install"
        r"|uv (?:run|sync)|poetry (?:run|install)"
        r"|docker[ -]compose up|docker run|uvicorn |gunicorn |flask run|streamlit run|manage\.py runserver"
        r"|python3? \S+\.py|make (?:run|dev|start|up)"
        r"|go run|cargo run|deno task|just "
    ),
    Topic.DEPLOY: _words(
        r"\bdeploy|\bpublish(?:ed|ing)? (?:it|the app|to|your)|share -> publish|\bproduction\b|\bself-?host"
        r"|\bhosting\b|helm install|docker pull|\binstallation\b"
    ),
    Topic.RECOVER: _words(
        r"\broll(?:ing)?[ -]?back|\brunbook|\bplaybook|\btroubleshoot|\brestor(?:e|ing)\b|\brevert (?:the|to|a)\b"
        r"|\bincident|\bdisaster recovery|\bdowngrad"
        r"|\bupgrad(?:e|ing)\b|\bif (?:it|something|the app|the server) (?:fails|breaks|goes wrong|is down)"
        r"|\bon[- ]call\b|common (?:issues|problems)|known issues|\bfaq\b"
    ),
    Topic.CONTACT: _words(
        r"\bcontact(?:s| us| me|:)|\bmaintain(?:er|ed by)|\bon[- ]call\b|\bsupport(?:@| team|:| channel)"
        r"|\bowners?\b:|\bresponsible\b|slack channel|discord|\bescalat"
        r"|\bgithub\.com/[\w./-]{1,100}/(?:issues|discussions)|open an issue|report (?:a |an |any )?(?:bug|issue)"
        r"|mailto:|\bhelp ?desk\b|\bcommunity\b"
    ),
}
_RUNBOOK = re.compile(
    r"(^|/)(runbooks?|playbooks?|operations|ops|troubleshooting|incident[\w-]*|on-?call)([\w-]*\.(md|rst|txt)|/)",
    re.IGNORECASE,
)
_README = re.compile(r"^readme(\.\w+)?$", re.IGNORECASE)
_TEXT = (".md", ".rst", ".mdx", ".adoc", ".txt")


def kind_of(path: str) -> str | None:
    """Return "readme", "runbook" or "text" for what people read; None for anything else, and for assistants' files."""
    name = posixpath.basename(path).lower()
    if tier_of(path) in {Tier.VENDORED, Tier.TEST} or ("/." in f"/{path}" and not path.startswith(".github/")):
        return None
    if _README.match(name):
        return "readme" if "/" not in path else "text"
    if not name.endswith(_TEXT) or name.startswith(("requirements", "robots", "license", "changelog")):
        return None
    return "runbook" if _RUNBOOK.search(path) else "text"


def read(text: str, kind: str) -> Told | None:
    """Return the topics that *text* tells; a runbook by its name tells how to go back."""
    body = text.encode("utf-8", "replace")
    topics = {topic.name for topic, pattern in _TOPICS.items() if pattern.search(body)}
    if kind == "runbook":
        topics.add(Topic.RECOVER.name)
    return Told(tuple(sorted(topics))) if topics or kind == "readme" else None


def join(parts: Mapping[str, Told], listing: Listing) -> Instructions:
    """Return where each topic is told first, the outermost texts before others."""
    told: dict[str, str] = {}
    for path in sorted(parts, key=lambda path: (path.count("/"), path)):
        for topic in parts[path].topics:
            told.setdefault(topic, path)
    owners = next((path for path in sorted(listing.paths) if posixpath.basename(path).upper() == "CODEOWNERS"), None)
    if owners is not None:
        told.setdefault(Topic.CONTACT.name, owners)
    readme = next((path for path in sorted(listing.paths) if _README.match(path) and "/" not in path), "")
    return Instructions(told, readme)


source = Collector(fact=Instructions, part=Told, kind_of=kind_of, read=read, join=join)
