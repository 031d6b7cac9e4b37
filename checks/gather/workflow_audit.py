"""
Has zizmor audit the workflows of a repository: https://docs.zizmor.sh.

It reads what a stranger wrote, so it runs like the worker: no network, no environment, limits, a deadline, and nothing
to see but the files, which lie under names of ours. A repository's own settings for it, and its remarks to look away,
are not obeyed.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sysconfig
from asyncio import StreamReader
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from checks.fact import Missing
from checks.facts.delivery.workflow_audit import Fault, WorkflowAudit
from checks.gather.answers import Subject
from checks.gather.scratch import scratch
from checks.process import started
from checks.sandbox import program_command, sandbox_level

_ARGUMENTS = (
    *("--offline", "--no-config", "--no-ignores", "--no-exit-codes", "--no-progress"),
    *("--collect", "workflows", "--collect", "actions", "--format", "json-v1", "--"),
)
_DEADLINE_S = 10.0  # thirty workflows take 0.1 s
_MOST_FILES = 1000
_LARGEST = 32 * 1024 * 1024  # bytes of its answer
_NESTED = re.compile(r"(?:[\[{]\s{0,9}){60}|(?:[-?] ){60}")  # it needs minutes for a thousand brackets
_OURS = re.compile(r"(\d{4})(?:/action)?\.yml$")  # the name that a file was given
_COMPLETED = re.compile(r"completed \S{0,400}?(\d{4})(?:/action)?\.yml$", re.MULTILINE)  # said of each file it audited
_FAILED = "zizmor, which audits the workflows, "


async def answer(subject: Subject, question: bytes) -> bytes:
    """Return, as JSON, what zizmor says of the files in *question*, {path: text} as JSON; raises Missing."""
    try:
        files = msgspec.json.decode(question, type=dict[str, str])
    except msgspec.DecodeError:
        raise Missing("the question about workflows could not be understood") from None
    if not files:  # it panics where there is nothing to read
        return msgspec.json.encode(WorkflowAudit())
    if len(files) > _MOST_FILES:
        raise Missing(f"there are more than {_MOST_FILES} workflows and actions")
    program = shutil.which("zizmor", path=sysconfig.get_path("scripts"))
    if program is None:
        raise Missing(f"{_FAILED}is not installed beside Groundcrew: pip install zizmor")
    deep = [path for path, text in files.items() if _NESTED.search(text)]
    if deep:
        raise Missing(f"{deep[0]} nests deeper than any workflow does")
    try:
        with scratch(subject.engine.home, "workflows-") as folder:
            _write(folder, files)
            printed, said = await _audited(program, folder)
    except OSError as error:
        raise Missing(f"{_FAILED}could not be given them in GROUNDCREW_HOME: {error.strerror}") from None
    return msgspec.json.encode(audit_of(printed, said, list(files)))


def audit_of(printed: bytes, said: str, paths: list[str]) -> WorkflowAudit:
    """
    Return what zizmor *printed* (JSON, version 1) and *said* (its log) of *paths*; raises Missing.

    A file that the log does not call completed was not audited, whatever the reason.
    """
    try:
        faults = tuple(_fault(one, paths) for one in msgspec.json.decode(printed))
    except (msgspec.DecodeError, LookupError, TypeError, AttributeError, ValueError):
        raise Missing(f"{_FAILED}gave an answer that is not understood here") from None
    completed = {int(number) for number in _COMPLETED.findall(said)}
    unread = (path for number, path in enumerate(paths) if number not in completed)
    return WorkflowAudit(faults, tuple(f"{path} is no workflow that GitHub could run" for path in unread))


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* as zizmor finds them, by number: a workflow in `.github/workflows`, an action in its own folder."""
    for number, (path, text) in enumerate(files.items()):
        action = path.rpartition("/")[2] in {"action.yml", "action.yaml"}
        to = folder / (f"actions/{number:04}/action.yml" if action else f".github/workflows/{number:04}.yml")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(text.encode("utf-8", "replace"))


async def _audited(program: str, folder: Path) -> tuple[bytes, str]:
    """Return what zizmor prints and what it logs; raises Missing."""
    command = program_command(sandbox_level(), program, _ARGUMENTS, folder)
    try:
        async with asyncio.timeout(_DEADLINE_S), started(command, environment={}, errors=True) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            printed, said = await asyncio.gather(_bounded(process.stdout), _bounded(process.stderr))
            status = await process.wait()
    except TimeoutError:
        raise Missing(f"{_FAILED}was stopped after {_DEADLINE_S:.0f} s") from None
    if status == 0:
        return printed, said.decode("utf-8", "replace")
    if b"no inputs collected" in said:  # none of the files is what it takes for a workflow
        return b"[]", ""
    raise Missing(f"{_FAILED}failed (status {status})")


async def _bounded(stream: StreamReader) -> bytes:
    read = bytearray()
    while piece := await stream.read(1 << 16):
        read += piece
        if len(read) > _LARGEST:
            raise Missing(f"{_FAILED}said more than is read here")
    return bytes(read)


def _fault(found: Mapping[str, Any], paths: list[str]) -> Fault:
    """Return one finding as zizmor's JSON has it, about the file and line of the repository."""
    location = next(_primary(found["locations"]), found["locations"][0])
    symbolic = location["symbolic"]
    ours = _OURS.search(symbolic["key"]["Local"]["verbatim_path"])
    if ours is None:
        raise ValueError("a file of another name")
    kind = symbolic["feature_kind"]
    fragment = kind["Subfeature"]["fragment"] if isinstance(kind, dict) else {}
    span = location["concrete"]["location"]
    row = span["start_point"]["row"]
    return Fault(
        str(found["ident"]),
        paths[int(ours[1])],
        int(row) + 1,
        str(found["determinations"]["severity"]),
        str(found["determinations"]["confidence"]),
        str(found["desc"]),
        str(next(iter(fragment.values()), ""))[:200] if isinstance(fragment, dict) else "",
    )


def _primary(locations: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (one for one in locations if one["symbolic"]["kind"] == "Primary")
