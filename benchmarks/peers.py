"""
The peers that ours is measured against: how each is called on a repository, and where it says a fault is.

They come from the package index into an environment of their own: `python benchmarks/peers.py FOLDER` makes it. None is
a part of Groundcrew but those that it calls itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSIONS = ("detect-secrets", "kingfisher-bin", "bandit", "njsscan", "pip-audit", "zizmor")

Where = tuple[str, int]  # path in the repository, line from 1 (0: the whole file)


@dataclass(frozen=True, slots=True)
class Peer:
    """
    One tool: its command in *binaries* on *files* laid out from *clone*, and the places in what it prints.

    *kind* is the kind of label that its findings answer; *history* says whether it reads the history too.
    """

    name: str
    kind: str
    command: Callable[[Path, Path, Path], list[str]]
    places: Callable[[bytes, Path], Iterator[Where]]
    history: bool = False


def make(folder: Path) -> Path:
    """Make an environment with all peers in *folder* where there is none, and return its folder of programs."""
    if not (folder / "bin" / "kingfisher").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *VERSIONS], check=True)
    return folder / "bin"


def versions(binaries: Path) -> Mapping[str, str]:
    """Return the version of each peer installed in *binaries*."""
    listed = subprocess.run([binaries / "pip", "list", "--format", "json"], check=True, capture_output=True).stdout
    found = {one["name"].lower().replace("_", "-"): one["version"] for one in json.loads(listed)}
    return {name: found[name] for name in VERSIONS}


def _detect_secrets(output: bytes, _files: Path) -> Iterator[Where]:
    for path, found in json.loads(output or b"{}").get("results", {}).items():
        yield from ((path.removeprefix("./"), int(one["line_number"])) for one in found)


def _kingfisher(output: bytes, files: Path) -> Iterator[Where]:
    for one in _listed(output):
        finding = one.get("finding", one)
        path = str(finding.get("path", ""))
        if path:
            yield path.removeprefix(f"{files}/"), int(finding.get("line", 0))


def _bandit(output: bytes, files: Path) -> Iterator[Where]:
    for one in json.loads(output or b"{}").get("results", []):
        yield str(one["filename"]).removeprefix(f"{files}/").removeprefix("./"), int(one["line_number"])


def _njsscan(output: bytes, files: Path) -> Iterator[Where]:
    answer = json.loads(output or b"{}")
    for rules in (answer.get("nodejs", {}), answer.get("templates", {})):
        for rule in rules.values():
            for one in rule.get("files", []):
                yield str(one["file_path"]).removeprefix(f"{files}/"), int(one["match_lines"][0])


def _nowhere(_output: bytes, _files: Path) -> Iterator[Where]:
    """Yield nothing: this one is measured for its time alone."""
    yield from ()


def _listed(output: bytes) -> Iterator[dict[str, Any]]:
    """Yield the findings in the JSON of *output*."""
    text = output.decode("utf-8", "replace").strip()
    try:
        whole, _ = json.JSONDecoder().raw_decode(text)  # kingfisher writes its summary behind it
    except ValueError:
        whole = {}  # it was stopped
    yield from whole.get("findings", [])


PEERS = (
    Peer(
        "detect-secrets",
        "secret",
        lambda bins, files, _: [str(bins / "detect-secrets"), "-C", str(files), "scan", "--all-files"],
        _detect_secrets,
    ),
    Peer(
        "kingfisher",
        "secret",
        lambda bins, files, _: [
            *(str(bins / "kingfisher"), "scan", str(files), "--no-validate", "--no-update-check"),
            *("--format", "json", "--git-history=none"),
        ],
        _kingfisher,
    ),
    Peer(
        "kingfisher, history",
        "",
        lambda bins, _, clone: [
            *(str(bins / "kingfisher"), "scan", str(clone), "--no-validate", "--no-update-check"),
            *("--format", "json", "--git-history=full"),
        ],
        _nowhere,
        history=True,
    ),
    Peer(
        "bandit",
        "injection",
        lambda bins, files, _: [str(bins / "bandit"), "-q", "-r", str(files), "-f", "json", "-s", "B101"],
        _bandit,
    ),
    Peer("njsscan", "injection", lambda bins, files, _: [str(bins / "njsscan"), "--json", str(files)], _njsscan),
    Peer(
        "pip-audit",
        "",
        lambda bins, files, _: [
            *(str(bins / "pip-audit"), "--no-deps", "--disable-pip", "--progress-spinner", "off"),
            *("-r", str(files / "requirements.txt")),
        ],
        _nowhere,
    ),
    Peer(
        "zizmor",
        "",
        lambda bins, files, _: [str(bins / "zizmor"), "--offline", "--format", "json", str(files)],
        _nowhere,
    ),
)


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
