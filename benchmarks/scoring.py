"""
What a label asks and which finding answers it; counts for ours and for the peers alike.

A label is one JSON object a line: repo ("owner/name"), commit, file, line (0: the whole repository), kind, label (true,
false, or null where it is debatable), and for some kinds method and path, package, or accept. Precision is over what
holds an app back; recall counts advice too.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ANYWHERE = 10**9


@dataclass(frozen=True, slots=True)
class Answers:
    """Which findings answer a kind of label: by check, by family, at most *slack* lines away."""

    checks: frozenset[str] = frozenset()
    family: str | None = None
    slack: int = 0


def _by(*checks: str, slack: int = _ANYWHERE) -> Answers:
    return Answers(frozenset(checks), slack=slack)


KINDS: Mapping[str, Answers] = {
    "secret": Answers(family="secrets", slack=1),
    "open-route": _by("open-route", slack=3),
    "route-authz": _by("open-route", "route-without-authorisation", slack=3),
    "rls-open": _by("open-database-rules", slack=12),
    "rls-user-metadata": _by("open-database-rules", slack=12),
    "rls-escalation": _by("open-database-rules", slack=12),
    "vulnerable-dep": _by("vulnerable-dependency"),
    "injection": _by("injection", slack=3),
    "unbounded-paid-api": _by("unbounded-paid-api", slack=6),
    "client-side-auth": _by("client-side-auth", "hardcoded-login", slack=6),
    "permissive-cors": _by("permissive-cors", slack=3),
    "insecure-cookie": _by("insecure-cookie", slack=4),
    "debug-mode": _by("debug-mode", slack=2),
    "log-leak": _by("leaky-logging", slack=2),
    **{
        kind: _by(kind)
        for kind in ("no-ci", "no-tests", "no-codeowners", "no-health-check", "no-error-tracking", "no-timeouts")
    },
    "no-review-evidence": _by("no-review"),
}


@dataclass(slots=True)
class Score:
    """Counts by kind, and in words what was missed or wrongly said."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    places: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """One finding as scoring sees it, of ours or of a peer."""

    path: str
    line: int
    check: str = ""
    family: str = ""
    blocking: bool = True
    route: tuple[str, str] | None = None  # method, path
    package: str = ""


def read_labels(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the labels of the file at *path* by repository."""
    labels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
        label = json.loads(line)
        labels[label["repo"]].append(label)
    return labels


def said_by(report: Mapping[str, Any]) -> list[Said]:
    """Return what *report* (`groundcrew.report/1`) says; a failed check without findings counts for the whole."""
    return [
        said
        for result in report["results"]
        for said in (_said(result, one) for one in result["findings"] or _whole(result))
    ]


def _whole(result: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return [{"path": None, "line": None}] if result["outcome"] == "failed" else []


def _said(result: Mapping[str, Any], one: Mapping[str, Any]) -> Said:
    route, package = one.get("route"), one.get("package")
    return Said(
        one.get("path") or "",
        one.get("line") or 0,
        result["check"],
        result["family"],
        one.get("blocking", True),
        (route["method"].upper(), plain(route["path"])) if route else None,
        _package(package["name"]) if package else "",
    )


def plain(path: str) -> str:
    """Return a route's *path* with its parameters made alike, so that :id, {id} and <int:id> compare equal."""
    return "/".join("*" if part[:1] in set(":{[<") else part.lower() for part in path.strip("/").split("/"))


def _package(name: str) -> str:
    return name.lower().replace("_", "-")


def answers(label: Mapping[str, Any], said: Said) -> bool:
    """Whether *said* is about what *label* marks."""
    asked = KINDS[label["kind"]]
    if said.check not in asked.checks and (asked.family is None or said.family != asked.family):
        return False
    if label["kind"] == "vulnerable-dep":
        return said.package == _package(label["package"])
    if label["line"] == 0:
        return True
    slack = asked.slack
    if label["kind"] == "open-route" and said.route and label.get("path"):
        methods = {label.get("method", "").upper(), said.route[0]}
        if said.route[1] == plain(label["path"]) and (len(methods) == 1 or methods & {"", "ANY", "ALL"}):
            return True
        slack = 0  # neighbouring lines hold other routes
    return said.path == str(label["file"]) and abs(said.line - int(label["line"])) <= slack


def score(labels: Iterable[Mapping[str, Any]], said: list[Said], unseen: frozenset[str], into: Score) -> None:
    """Count *said* against *labels* of one repository; *unseen* are the checks that could not look."""
    for label in labels:
        kind = label["kind"]
        if label["label"] is None or kind not in KINDS:
            continue
        if label["line"] == 0 and unseen & KINDS[kind].checks:
            into.counts[kind]["not checked"] += 1
            continue
        about = [one for one in said if answers(label, one)]
        blocking = any(one.blocking for one in about)
        word = ("tp" if about else "fn") if label["label"] else ("fp" if blocking else "tn")
        into.counts[kind][word] += 1
        into.counts[kind]["blocking tp"] += bool(label["label"]) and blocking
        if word in {"fn", "fp"}:
            where = label.get("path") or label.get("package") or label["line"]
            into.missed.append(f"{word} {kind} {label['repo']} {label['file']} {where} {label.get('note', '')}")


def score_place(labels: Iterable[Mapping[str, Any]], verdict: Mapping[str, Any], into: Score) -> None:
    """
    Count the placement of *verdict* against a label of kind placement.

    Production cannot be seen in a clone alone: isolated counts as production where only sight is missing.
    """
    for label in labels:
        if label["kind"] == "placement":
            place = verdict["placement"]
            unseen = all(held["outcome"] == "not_checked" for held in verdict["held_back"])
            if label["label"] == "production" and place == "isolated" and unseen:
                place = "production"
            good = place in [label["label"], *(label.get("accept") or [])]
            word = "as labelled" if place == label["label"] else "acceptable" if good else "wrong"
            into.places[word] += 1
            if not good:
                into.missed.append(f"place {label['repo']} {place}, labelled {label['label']}: {label.get('note', '')}")


def ratio(part: int, whole: int) -> str:
    """Return *part* of *whole* to two digits, or a dash where there is nothing to divide by."""
    return f"{part / whole:.2f}" if whole else "-"
