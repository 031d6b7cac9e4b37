"""
Where an app may run: the judgement over all results, in a context, by a policy. Pure.

Each result caps the placement: a failed one at the worst of what its blocking findings allow, one that was not looked
at as if it had failed at its full strength, everything else at nothing. The placement is the lowest cap. So taking
sight away, adding a finding, or naming more sensitive data never improves a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.documentation import first_step
from checks.model import Context, Finding, HeldBack, Outcome, Placement, Result, Severity, Verdict
from checks.policy import Policy
from checks.sentences import names, place, placed
from checks.sight import step_for

OWNER = "owner"  # stands for a check where nobody has accepted the app
_SHOWN = 3  # places named in one sentence; more do not fit on a card
#: What is assumed where nobody said something, by what was not said.
UNSAID = {
    "data": "nobody said what data it touches: judged as payment data",
    "audience": "nobody said who uses it: judged as open to anyone",
    "exposure": "nobody said from where it can be reached: judged as open to the internet",
}
_FIXES = 4  # kinds of fix of one check that the way up names


@dataclass(frozen=True, slots=True)
class Cap:
    """
    One thing that keeps an app at or below *held.allows*; *steps* mend it, none where it could not be seen.

    *then* is what milder findings of the same check leave after that.
    """

    held: HeldBack
    steps: tuple[str, ...]
    severity: Severity
    then: Placement = Placement.PRODUCTION

    @property
    def order(self) -> tuple[int, bool, int, str]:
        """Worst first: by place, then what was seen before what was not, then by severity."""
        severities = list(Severity)
        unseen = self.held.outcome is Outcome.NOT_CHECKED
        return self.held.allows.rank, unseen, -severities.index(self.severity), self.held.check


def judge(results: Sequence[Result], context: Context, policy: Policy) -> Verdict:
    """Return where an app with these *results* may run, what holds it back from the wanted place, and the way up."""
    caps = sorted(_caps(results, context, policy), key=lambda cap: cap.order)
    placement = min((cap.held.allows for cap in caps), key=lambda place: place.rank, default=Placement.PRODUCTION)
    below = placement.rank < context.wanted.rank
    return Verdict(
        placement,
        context.wanted,
        tuple(cap.held for cap in caps if cap.held.allows.rank < context.wanted.rank),
        _steps([cap for cap in caps if below and cap.held.allows is placement]),
        tuple(_assumed(context)),
        policy.places[placement].words,
        _leads_to(caps, placement, context.wanted) if below else None,
    )


def unseen(held_back: Sequence[HeldBack]) -> dict[str, list[HeldBack]]:
    """Return what could not be looked at among *held_back*: the checks that one thing hides, by the words for it."""
    hidden: dict[str, list[HeldBack]] = {}
    for held in held_back:
        if held.outcome is Outcome.NOT_CHECKED:
            for sentence in held.unseen or (held.reason,):
                hidden.setdefault(sentence, []).append(held)
    return hidden


def _leads_to(caps: Sequence[Cap], placement: Placement, wanted: Placement) -> Placement:
    """Return what is left once all that holds the app at *placement* is mended, at most *wanted*."""
    left = [cap.then if cap.held.allows is placement else cap.held.allows for cap in caps]
    return min([wanted, *left], key=lambda place: place.rank)


def strength(result: Result) -> tuple[bool, int, int]:
    """Order results by their worst finding: by what holds back at all, by place, then by severity."""
    return min((_order(one, result) for one in result.findings), default=(True, len(Placement), 0))


def worst_first(result: Result) -> list[Finding]:
    """Return the findings of *result*, what holds back most first: by place, then by severity."""
    return sorted(result.findings, key=lambda one: _order(one, result))


def _order(one: Finding, result: Result) -> tuple[bool, int, int]:
    severity = list(Severity).index(one.severity or result.severity)
    return not one.blocking, (one.allows or result.allows).rank, -severity


def _steps(caps: list[Cap]) -> tuple[str, ...]:
    """Return what to do about *caps*, each thing once: what hides several checks is told with all of them."""
    mends = [step for cap in caps for step in cap.steps]
    hidden = unseen([cap.held for cap in caps if not cap.steps])
    looking = [step_for(sentence, [held.check for held in several]) for sentence, several in hidden.items()]
    return tuple(dict.fromkeys([*mends, *looking]))


def _caps(results: Sequence[Result], context: Context, policy: Policy) -> Iterator[Cap]:
    if context.owner_accepted is False:
        held = HeldBack(OWNER, Outcome.FAILED, "nobody has accepted this app", Placement.SANDBOX)
        yield Cap(held, ("Have the owner accept this app",), Severity.HIGH)
    for result in results:
        yield from _caps_of(result, context, policy)
    for check in policy.asks_for(Placement.PRODUCTION) - {result.check for result in results}:
        held = HeldBack(check, Outcome.NOT_CHECKED, "this check did not run", policy.unseen(check))
        yield Cap(held, (f"Check again: {check} did not run",), Severity.LOW)


def _caps_of(result: Result, context: Context, policy: Policy) -> Iterator[Cap]:
    blocking = [
        (finding, _allowed(finding, result, context, policy)) for finding in result.findings if finding.blocking
    ]
    if result.outcome is Outcome.FAILED and blocking:
        worst = min((place for _, place in blocking), key=lambda place: place.rank)
        held_by = [finding for finding, place in blocking if place is worst]
        held = HeldBack(result.check, Outcome.FAILED, _sentence(held_by), worst)
        milder = [place for _, place in blocking if place is not worst]
        then = min(milder, key=lambda place: place.rank, default=Placement.PRODUCTION)
        yield Cap(held, tuple(_mends(result.check, held_by, len(milder))), result.severity, then)
    # A failed result with a reason was only partly seen: a worse finding may lie in what was not. One that names no
    # finding at all cannot say how weak its fault is.
    vague = result.outcome is Outcome.FAILED and (result.reason or not result.findings)
    if result.outcome is Outcome.NOT_CHECKED or vague:
        reason = result.reason or "it could not be looked at"
        full = policy.allows(result.check, result.unseen_allows or result.allows, context)
        place = min(full, policy.unseen(result.check), key=lambda place: place.rank)
        held = HeldBack(result.check, Outcome.NOT_CHECKED, reason, place, result.unseen)
        yield Cap(held, (), result.severity)


def _allowed(finding: Finding, result: Result, context: Context, policy: Policy) -> Placement:
    """Return what *finding* allows: the policy's word on its check, or its own where it is weaker than its check."""
    by_policy = policy.allows(result.check, result.allows, context)
    own = finding.allows or result.allows
    return max(own, by_policy, key=lambda place: place.rank) if own.rank > result.allows.rank else by_policy


def _sentence(findings: list[Finding]) -> str:
    return placed(findings[0]) + (f", and {len(findings) - 1} more" if len(findings) > 1 else "")


def _mends(check: str, findings: list[Finding], later: int) -> Iterator[str]:
    """Yield what to do about *findings* of *check*, a sentence a kind of fix, with where; *later* more are milder."""
    fixes: dict[str, list[Finding]] = {}
    for one in findings:
        fixes.setdefault(fix_of(check, one), []).append(one)
    for number, (fix, several) in enumerate(fixes.items(), 1):
        if number > _FIXES:
            yield f"Mend what else {check} found in the same way"
            return
        places = list(dict.fromkeys(filter(None, map(place, several))))
        waits = "waits" if later == 1 else "wait"
        more = f"; {later} more found by {check} {waits} for a later step" if later and number == len(fixes) else ""
        yield f"{fix} ({names(places, _SHOWN)}{more})" if places else fix


def fix_of(check: str, finding: Finding) -> str:
    """Return what mends *finding* of *check*, in an imperative sentence without full stop."""
    return finding.fix or first_step(check) or f"Mend {check}: {finding.message}"


def _assumed(context: Context) -> Iterator[str]:
    if context.data is None:
        yield UNSAID["data"]
    if context.audience is None:
        yield UNSAID["audience"]
    if context.exposure is None:
        yield UNSAID["exposure"]
    if context.owner_accepted is None:
        yield "whether anybody has accepted this app is not asked here, and does not count"
