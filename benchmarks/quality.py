"""
How right the checks are: `python -m benchmarks.quality CLONES LABELS [LABELS ...]` writes docs/quality.md.

CLONES holds clones named OWNER+NAME at the commits of the labels. Each is checked with an empty shelf and scored
(benchmarks/scoring.py), beside the peers on the same lines where --peers names their environment. Every clone without
labels, and every one that --well-run names, counts its blocking findings as noise to be looked at.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import ours, peers
from benchmarks.clones import clones, laid_out
from benchmarks.measure import run
from benchmarks.scoring import KINDS, Said, Score, ratio, read_labels, said_by, score, score_place

PAGE = Path(__file__).resolve().parents[1] / "docs" / "quality.md"


def main() -> int:
    """Check, score and print; write the page where --write is given. Returns 1 where a clone gave no report."""
    parser = argparse.ArgumentParser(description="Score the checks against labelled repositories.")
    parser.add_argument("clones", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--advisories", action="append", default=[], help="OSV records, as of `advisories update`")
    parser.add_argument("--peers", type=Path, help="the peers' environment (made where it is not there)")
    parser.add_argument("--well-run", action="append", default=[], metavar="OWNER+NAME")
    parser.add_argument("--missed", action="store_true", help="list each miss and false alarm")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    labels = {repo: each for file in arguments.labels for repo, each in read_labels(file).items()}
    own, noise, absent = Score(), {}, []
    theirs: dict[str, Score] = {}
    seen: set[str] = set()
    for clone in clones(arguments.clones):
        repo = clone.name.replace("+", "/", 1)
        report = _report(clone, arguments.advisories)
        if report is None:
            absent.append(repo)
            continue
        unseen = frozenset(result["check"] for result in report["results"] if result["outcome"] == "not_checked")
        score(labels.get(repo, []), said_by(report), unseen, own)
        score_place(labels.get(repo, []), report["verdict"], own)
        seen |= {repo} & labels.keys()
        if clone.name in arguments.well_run:
            noise[repo] = [one for one in said_by(report) if one.blocking]
        if arguments.peers and repo in labels:
            _ask_peers(clone, labels[repo], peers.make(arguments.peers), theirs)
    versions = peers.versions(peers.make(arguments.peers)) if arguments.peers else {}
    page = "\n".join(_page(own, theirs, noise, absent, versions, labelled=sorted(seen)))
    print(page)
    for line in own.missed if arguments.missed else ():
        print(line)
    if arguments.write:
        PAGE.write_text(page + "\n", encoding="utf-8")
    return 1 if absent else 0


def _report(clone: Path, advisories: list[str]) -> dict[str, Any] | None:
    with tempfile.TemporaryDirectory() as home:
        ours.bring_advisories(advisories, Path(home))
        answer: dict[str, Any] | None
        try:
            answer = json.loads(run(ours.command(clone, Path(home))).output)
        except ValueError:
            answer = None
    return answer


def _ask_peers(clone: Path, labels: list[dict[str, Any]], binaries: Path, scores: dict[str, Score]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        laid_out(clone, Path(folder))
        for peer in peers.PEERS:
            if peer.kind:
                output = run(peer.command(binaries, Path(folder), clone), cwd=Path(folder)).output
                asked = KINDS[peer.kind]
                check = next(iter(asked.checks), "")
                said = [Said(*where, check, asked.family or "") for where in peer.places(output, Path(folder))]
                own = [label for label in labels if label["kind"] == peer.kind]
                score(own, said, frozenset(), scores.setdefault(peer.name, Score()))


def _page(
    own: Score,
    theirs: dict[str, Score],
    noise: dict[str, list[Said]],
    absent: list[str],
    versions: Any,
    *,
    labelled: list[str],
) -> Iterator[str]:
    yield "# How right the checks are"
    yield ""
    yield f"Made by `python -m benchmarks.quality` on {datetime.now(UTC):%d %B %Y}. This project labelled public"
    yield "repositories itself, line by line: what is a fault there, and what looks like one and is none. Debatable"
    yield "labels are left out. The columns are counted over two sets. *Found*, *missed* and recall count all findings,"
    yield "advice too. *Wrongly said* and precision count only those that hold an app back: precision is, of the"
    yield "labelled lines for which an app was held back, how many are faults. A dash: nothing was there to count."
    yield ""
    yield f"Labelled: {len(labelled)} repositories. They are not named here: what was found in them may be live."
    yield ""
    yield "| kind | found | missed | wrongly said | rightly not said | precision | recall |"
    yield "|---|---|---|---|---|---|---|"
    for kind in KINDS:
        if kind in own.counts:
            yield _row(kind, own, kind)
    if own.places:
        yield ""
        yield "Placement: " + ", ".join(f"{count} {word}" for word, count in sorted(own.places.items())) + "."
    if theirs:
        yield from ("", "## Peers on the same lines", "")
        yield f"Versions: {', '.join(f'{name} {version}' for name, version in versions.items())}."
        yield from ("", "| tool, kind | found | missed | wrongly said | rightly not said | precision | recall |")
        yield "|---|---|---|---|---|---|---|"
        for peer in peers.PEERS:
            if peer.name in theirs:
                yield _row(f"{peer.name}, {peer.kind}", theirs[peer.name], peer.kind)
                yield _row(f"Groundcrew, {peer.kind}", own, peer.kind)
    if noise:
        yield from ("", "## Blocking findings on well-run repositories", "")
        for repo, said in noise.items():
            told = "; ".join(f"{one.check} at {one.path}:{one.line}" for one in said)
            yield f"- {repo}: {len(said)}{f' ({told})' if told else ''}"
    for repo in absent:
        yield f"- {repo}: no report"


def _row(name: str, scored: Score, kind: str) -> str:
    n = scored.counts[kind]
    precision = ratio(n["blocking tp"], n["blocking tp"] + n["fp"])
    recall = ratio(n["tp"], n["tp"] + n["fn"])
    return f"| {name} | {n['tp']} | {n['fn']} | {n['fp']} | {n['tn']} | {precision} | {recall} |"


if __name__ == "__main__":
    sys.exit(main())
