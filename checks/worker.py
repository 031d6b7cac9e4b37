"""
The child in which everything that reads repository content runs, started by the sandbox (checks/child.py).

It has no network, no environment and no files but its own program. It opens nothing: blobs, cached parts and answers
come through stdin from its parent, results leave through stdout (checks/wire.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import BinaryIO, TypeVar

import msgspec

from checks import wire
from checks.check import Check, sound_checks
from checks.collect import Collected, Goal, collect
from checks.evaluate import Facts, answer, error_id, result
from checks.fact import Collector, Listing, Missing, Question, Source, all_sources, needed
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.installed import installed
from checks.facts.suppressions import Suppressions
from checks.masking import is_token, masked
from checks.model import Installed, Outcome, Placement, Result, Severity
from checks.same_value import set_key

_T = TypeVar("_T", wire.Job, wire.Parts, wire.Blob, wire.Answer)


class Parent:
    """The other end of the pipe."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def say(self, message: wire.FromWorker) -> None:
        """Send *message*, which has no answer."""
        self._outgoing.write(wire.frame(message))
        self._outgoing.flush()

    def hear(self, kind: type[_T]) -> _T:
        """Return the parent's next message, which must be a *kind*; ends the process where the parent has gone."""
        header = self._incoming.read(wire.HEADER.size)
        if len(header) < wire.HEADER.size:
            raise SystemExit(0)
        message = wire.from_parent.decode(self._incoming.read(wire.HEADER.unpack(header)[0]))
        if not isinstance(message, kind):
            raise TypeError(f"expected {kind.__name__}, heard {type(message).__name__}")
        return message

    def parts(self, keys: wire.Wanted) -> list[bytes | None]:
        """Return the cached parts of *keys*, in their order."""
        self.say(keys)
        return self.hear(wire.Parts).parts

    def blob(self, reading: wire.Reading) -> wire.Blob:
        """Return the blob that *reading* names."""
        self.say(reading)
        return self.hear(wire.Blob)

    def answer(self, topic: str, question: bytes) -> bytes:
        """Return the parent's answer; raises Missing with its reason."""
        self.say(wire.Ask(topic, question))
        reply = self.hear(wire.Answer)
        if reply.data is None:
            raise Missing(reply.reason)
        return reply.data


_CHECKS, _FAULTY = sound_checks()  # here, since checks/child.py sees that loading is fast
all_sources()


def work(parent: Parent) -> None:
    """Say which checks there are, hear the job, and answer each check that is owed."""
    checks, faulty = _CHECKS, _FAULTY
    asked = [wire.Asked(check.id, check.family, check.severity, check.allows, check.title) for check in checks]
    parent.say(wire.Hello((*asked, *map(_asked, faulty))))
    job = parent.hear(wire.Job)
    set_key(job.key)
    owed = [check for check in checks if job.owed is None or check.id in job.owed]
    collected = Collected(blamed=dict(job.blamed))
    facts = Facts(
        collected.parts,
        collected.unread,
        job.given | {topic: Missing(reason) for topic, reason in job.missing.items()},
        parent.answer,
        announce=lambda name: parent.say(wire.Phase(name)),
        blamed=collected.blamed,
    )
    _collect(owed, job, parent, collected, facts)
    for module, error in faulty.items():
        parent.say(wire.Answered(_faulty(_asked(module), error)))
    for check in sorted(owed, key=_waits):
        parent.say(wire.Answered(_result(check, facts, job, parent)))
    parent.say(wire.Done(_suppressed(facts), _packages(facts)))


def _waits(check: Check) -> bool:
    """Whether *check* needs an answer that may take long."""
    try:
        return any(isinstance(source, Question) and source.slow for source in needed(check.wants).values())
    except Exception:  # noqa: BLE001 - a check that cannot say what it wants answers so when it is asked
        return False


def _packages(facts: Facts) -> tuple[Installed, ...]:
    """Return the packages whose versions are known; none where they were not wanted, or could not be read."""
    try:
        # What looks like a token is no package's name, and must not be kept.
        known = installed(facts.get(Dependencies).value)
        return tuple(one for one in known if not is_token(one.name) and not is_token(one.version))
    except Exception:  # noqa: BLE001 - the checks that want them say so
        return ()


def _suppressed(facts: Facts) -> tuple[str, ...]:
    """Return where the repository asks scanners to look away; no check's outcome hangs on it."""
    try:
        suppressions: Suppressions = facts.get(Suppressions).value
    except Exception as error:  # noqa: BLE001 - as in a check: a fault of ours is told by its id
        return (f"what the repository hides could not be listed: error {error_id(error)}",)
    return tuple(map(masked, suppressions.suppressed))


def _collect(owed: Sequence[Check], job: wire.Job, parent: Parent, collected: Collected, facts: Facts) -> None:
    """Put into *collected* the parts of the facts that the *owed* checks want; say early what is going to be asked."""
    wants: list[type] = [Suppressions]
    for check in owed:
        with suppress(Exception):  # a check that cannot say what it wants answers so when it is asked
            wants.extend(check.wants)
    sources = needed(wants).values()
    collectors = [source for source in sources if isinstance(source, Collector)]
    if "listing" not in job.given:
        return
    listing = msgspec.json.decode(job.given["listing"], type=Listing)
    collected.goals = list(_goals(sources, facts, parent))
    collect(collectors, listing, job, parent, collected)


def _goals(sources: Iterable[Source], facts: Facts, parent: Parent) -> Iterator[Goal]:
    """Yield for each question that hangs on no other the facts it is made of, and what says it to *parent*."""
    for source in sources:
        if isinstance(source, Question):
            below = needed(source.needs)
            if not any(isinstance(one, Question) for one in below.values()):
                yield frozenset(below), partial(_say_soon, source, facts, parent)


def _say_soon(question: Question, facts: Facts, parent: Parent) -> None:
    with suppress(Exception):  # what goes wrong here goes wrong again when it is asked, and is told then
        values = [facts.get(need).value for need in question.needs]
        parent.say(wire.Soon(question.topic, msgspec.json.encode(question.ask(*values))))


def _result(check: Check, facts: Facts, job: wire.Job, parent: Parent) -> Result:
    if check.id in job.blamed:
        return result(check, Outcome.NOT_CHECKED, job.blamed[check.id])
    return answer(check, facts, lambda name: parent.say(wire.Phase(name)))


def _asked(module: str) -> wire.Asked:
    """Return what is known of a check whose *module* cannot be loaded: its name; the rest counts as the strictest."""
    family, name = module.split(".")[-2:]
    return wire.Asked(name.replace("_", "-"), family, Severity.CRITICAL, Placement.NOWHERE, "")


def _faulty(asked: wire.Asked, error: Exception) -> Result:
    reason = f"this check cannot be loaded: error {error_id(error)}"
    return Result(asked.id, asked.family, Outcome.NOT_CHECKED, asked.severity, asked.allows, reason)


def main(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Work for the parent at the other end of *incoming* and *outgoing*."""
    work(Parent(incoming, outgoing))
