"""
From parts to facts to results: the pure middle of a check, the same in the worker and under a check's examples.

It does no I/O. Questions to the parent go through a function it is given.
"""

from __future__ import annotations

import hashlib
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from checks.check import Check, NotApplicable, NotChecked
from checks.fact import Collector, Derived, Given, Known, Listing, Missing, Question, source_of
from checks.masking import masked, without_tokens
from checks.model import Finding, Outcome, Placement, Result
from checks.sentences import reasons
from checks.sight import merged

Ask = Callable[[str, bytes], bytes]  # (topic, question as JSON) -> answer as JSON; raises Missing
Announce = Callable[[str], None]  # gets the name of a fact or check just before it is made
MOST_FINDINGS = 500  # of one check; nobody reads more, and a report must fit a message
_SHOWN = 3  # reasons in one sentence: what fits on a card
#: The best place while code is in a language that no reader here knows (a fact's `beyond`): there may be serious holes.
#: It is not less sight: nobody can bring it about or take it away but by writing the app in that language.
BEYOND = Placement.SANDBOX


def _quiet(_name: str) -> None:
    """Announce nothing."""


class Facts:
    """
    The facts of one revision, each made once when first asked for.

    *parts* are the collectors' parts by fact type and path, *unread* what a collector could not read, in words; *given*
    is JSON by topic, or the Missing that says why there is none. *blamed* are the names of facts not to be made, with
    why: their making has ended a worker before.
    """

    def __init__(
        self,
        parts: Mapping[type, Mapping[str, Any]],
        unread: Mapping[type, tuple[str, ...]],
        given: Mapping[str, bytes | Missing],
        ask: Ask,
        *,
        announce: Announce = _quiet,
        blamed: Mapping[str, str] | None = None,
    ) -> None:
        self._parts = parts
        self._unread = unread
        self._given = given
        self._ask = ask
        self._announce = announce
        self._blamed = blamed or {}
        self._known: dict[type, Known | Exception] = {}

    def get(self, fact: type) -> Known:
        """Return *fact*; raises Missing with the reason, or the exception that its source died of, each time alike."""
        if fact not in self._known:
            try:
                made = self._make(fact)
                # A fact may itself say, in `unseen`, what it could not look at (a line of requirements.txt, say).
                self._known[fact] = replace(made, partial=(*made.partial, *getattr(made.value, "unseen", ())))
            except Exception as error:  # noqa: BLE001 - kept and raised again for every check that asks
                self._known[fact] = error
        known = self._known[fact]
        if isinstance(known, Exception):
            raise known
        return known

    def _begin(self, fact: type) -> None:
        name = name_of(fact)
        if name in self._blamed:
            raise Missing(self._blamed[name])
        self._announce(name)

    def _make(self, fact: type) -> Known:
        match source_of(fact):
            case Collector() as source:
                listing = self.get(Listing)
                self._begin(fact)
                value = source.join(self._parts.get(fact, {}), listing.value)
                return Known(value, listing.partial + self._unread.get(fact, ()))
            case Given(topic=topic):
                given = self._given.get(topic, Missing(f"{topic} was not gathered"))
                if isinstance(given, Missing):
                    raise given
                self._begin(fact)
                value = msgspec.json.decode(given, type=fact)
                return Known(value, value.missing if isinstance(value, Listing) else ())
            case Question() as source:
                needs = [self.get(need) for need in source.needs]
                values = [need.value for need in needs]
                self._begin(fact)
                reply = self._ask(source.topic, msgspec.json.encode(source.ask(*values)))
                answer = msgspec.json.decode(reply, type=source.answer)
                return Known(source.join(answer, *values), tuple(p for need in needs for p in need.partial))
            case Derived() as source:
                needs = [self.get(need) for need in source.needs]
                self._begin(fact)
                value = source.derive(*(need.value for need in needs))
                return Known(value, tuple(p for need in needs for p in need.partial))
            case None:
                raise Missing(f"nothing here collects {name_of(fact)}")


def name_of(fact: type) -> str:
    """Return the name of *fact* for people and for the parent: its class's."""
    return fact.__name__


def answer(check: Check, facts: Facts, announce: Announce = _quiet) -> Result:
    """Return what *check* says of *facts*. An exception in the check is NOT_CHECKED with an error id, never a crash."""
    try:
        return ask(check, facts, announce)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not become a pass, nor end the other checks
        return result(check, Outcome.NOT_CHECKED, f"this check failed with error {error_id(error)}")


def ask(check: Check, facts: Facts, announce: Announce = _quiet) -> Result:
    """Return what *check* says of *facts*; raises whatever a fault in the check, or in a fact it wants, raises."""
    known: list[Known] = []
    found: list[Finding] = []
    stopped: NotApplicable | NotChecked | Missing | None = None
    try:
        known.extend(_had(facts, want, optional=want in check.optional) for want in check.wants)
        announce(check.id)
        found.extend(identified(check, check.function(*(fact.value for fact in known))))
    except (NotApplicable, NotChecked, Missing) as why:
        stopped = why
    unseen, beyond, findings = _unseen(known), _beyond(known), fitting(found)
    answered = _answered(check, stopped, merged((*unseen, *beyond)), findings)
    if unseen or answered.reason is None or isinstance(stopped, Missing):
        return answered
    says = [BEYOND] if beyond else []
    if isinstance(stopped, NotChecked):
        says.append(stopped.allows or check.allows)
    if not says:
        return answered
    own = max(min(says, key=_rank), check.allows, key=_rank)
    # What was found may be worse than what is open.
    held = [finding.allows or check.allows for finding in findings if finding.blocking]
    return replace(answered, allows=min([own, *held], key=_rank), unseen_allows=own)


def _answered(
    check: Check, stopped: Exception | None, unseen: tuple[str, ...], findings: tuple[Finding, ...]
) -> Result:
    """Return what *check* says at its full strength, which *stopped* before its end, or did not where that is None."""
    blocking = any(finding.blocking for finding in findings)
    if isinstance(stopped, NotApplicable):
        if not unseen:
            return result(check, Outcome.NOT_APPLICABLE, str(stopped))
        return result(check, Outcome.NOT_CHECKED, f"{stopped}; but {reasons(unseen, _SHOWN)}", unseen=unseen)
    if stopped is not None:
        # What was found before stands, and so does that the rest was not looked at.
        outcome = Outcome.FAILED if blocking else Outcome.NOT_CHECKED
        unseen = merged((*unseen, *(stopped.why if isinstance(stopped, NotChecked) else (str(stopped),))))
        return result(check, outcome, reasons(unseen, _SHOWN), findings, unseen)
    if blocking or (findings and not unseen):
        also = f"also not seen: {reasons(unseen, _SHOWN)}" if unseen else None
        return result(check, Outcome.FAILED, also, findings, unseen)
    if unseen:
        return result(check, Outcome.NOT_CHECKED, f"partial: {reasons(unseen, _SHOWN)}", findings, unseen)
    return result(check, Outcome.PASSED, None)


def fitting(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return *findings*, blocking ones first where they are too many, the last then saying how many more there are."""
    if len(findings) <= MOST_FINDINGS:
        return tuple(findings)
    kept = sorted(findings, key=lambda finding: not finding.blocking)
    last = kept[MOST_FINDINGS - 1]
    more = replace(last, message=f"and {len(findings) - MOST_FINDINGS + 1} more findings, which are not listed")
    return (*kept[: MOST_FINDINGS - 1], more)


def _rank(place: Placement) -> int:
    return place.rank


def _had(facts: Facts, want: type, *, optional: bool) -> Known:
    try:
        return facts.get(want)
    except Missing:
        if not optional:
            raise
        return Known(None)


def _unseen(known: list[Known]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for fact in known for part in fact.partial))


def _beyond(known: list[Known]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for fact in known for part in getattr(fact.value, "beyond", ())))


def result(
    check: Check,
    outcome: Outcome,
    reason: str | None = None,
    findings: tuple[Finding, ...] = (),
    unseen: tuple[str, ...] = (),
) -> Result:
    """Return a result of *check* with its severity, placement and title, no token in its *reason* nor in *unseen*."""
    reason = masked(reason) if reason else reason
    hidden = tuple(map(masked, unseen))
    return Result(check.id, check.family, outcome, check.severity, check.allows, reason, findings, check.title, hidden)


def identified(check: Check, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield each finding without tokens, with fingerprint, severity and placement; never stronger than its check."""
    order = list(type(check.severity))
    first_id = check.formerly[0] if check.formerly else check.id  # a renamed check finds the same faults
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in map(without_tokens, findings):
        if finding.identity is not None:
            name: tuple[str, ...] = (first_id, finding.path or "", finding.kind, finding.identity)
        else:
            name = (first_id, finding.path or "", finding.kind, " ".join(finding.source.split()))
        seen[name] += 1
        digest = hashlib.sha256("\0".join((*name, str(seen[name]))).encode("utf-8", "surrogatepass")).hexdigest()
        severity = min(finding.severity or check.severity, check.severity, key=order.index)
        allows = max(finding.allows or check.allows, check.allows, key=lambda place: place.rank)
        yield replace(finding, severity=severity, allows=allows, fingerprint=digest[:32], source="")


def error_id(error: Exception) -> str:
    """
    Return an id that names the place where *error* arose, never its text, which may hold what was being read.

    It is stable: the same fault gives the same id everywhere.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = ":".join(f"{frame.name}" for frame in frames[-3:])
    return f"{type(error).__name__}-{hashlib.sha256(where.encode()).hexdigest()[:8]}"
