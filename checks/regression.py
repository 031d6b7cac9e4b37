"""
What changed between two reports of the same app. Pure.

Findings are the same where check and fingerprint are, so moving a line changes nothing. A new finding is a regression
of the app only where the check looked before and did not see it: what comes into sight, or is asked for the first time
because the product has a new check, is told apart. A finding is gone only where its check still looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.model import Finding, Outcome, Placement, Report, Result

#: How checks.evaluate begins the reason of a check that saw everything but a few named files.
PARTLY = "partial: "


class Baseline(StrEnum):
    """SARIF 2.1.0's baselineState (section 3.27.24), in its words; what is absent is in no list of findings."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"  # the same fault at another line, or said in other words


@dataclass(frozen=True, slots=True)
class Told:
    """A *finding* and the id of the check, as it is called now, that found it."""

    check: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Sight:
    """A check that can no longer look, or can look again; *reason* is why it could not."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """
    What changed. On a first report (*first*) everything counts as newly asked and nothing is a regression.

    *new*: were not there before. *gone*: are no longer there. *now_seen*: found by a check that could not look before.
    *newly_asked*: found by a check that did not exist at the last report. *hidden*: were there before, and their check
    cannot look now. *kept* are as before, *moved* the same at another line or in other words.
    """

    first: bool
    new: tuple[Told, ...]
    gone: tuple[Told, ...]
    now_seen: tuple[Told, ...]
    newly_asked: tuple[Told, ...]
    hidden: tuple[Told, ...]
    kept: tuple[Told, ...]
    moved: tuple[Told, ...]
    lost_sight: tuple[Sight, ...]
    regained: tuple[Sight, ...]
    before: Placement | None
    after: Placement

    @property
    def fresh(self) -> tuple[Told, ...]:
        """Everything found that the earlier report did not tell, whatever the reason."""
        return (*self.new, *self.now_seen, *self.newly_asked)

    @property
    def regressions(self) -> tuple[Told, ...]:
        """The new findings that hold the app back; new advice is no regression."""
        return tuple(told for told in self.new if told.finding.blocking)

    @property
    def baseline(self) -> dict[str, Baseline]:
        """SARIF's word for each finding by its fingerprint; hidden ones are not in it, for nobody knows."""
        words = (
            (Baseline.UNCHANGED, self.kept),
            (Baseline.UPDATED, self.moved),
            (Baseline.NEW, self.fresh),
        )
        return {told.finding.fingerprint: word for word, several in words for told in several}


def compare(before: Report | None, after: Report, renamed: Mapping[str, str] | None = None) -> Change:
    """
    Return what changed from *before* (None: there is no earlier report) to *after*.

    *renamed* gives a check's id of today by its former ones (`checks.documentation.renamed_checks`).
    """
    names = renamed or {}
    old = {names.get(result.check, result.check): result for result in before.results} if before else {}
    now = {result.check: result for result in after.results}
    news: dict[str, list[Told]] = {key: [] for key in ("new", "now_seen", "newly_asked", "kept", "moved")}
    for check, result in now.items():
        for finding in result.findings:
            news[_state(finding, old.get(check), before)].append(Told(check, finding))
    past: dict[str, list[Told]] = {"gone": [], "hidden": []}
    for check, result in old.items():
        still = {finding.fingerprint for finding in now[check].findings} if check in now else set()
        for finding in result.findings:
            if finding.fingerprint not in still:
                past["gone" if _looks_at(finding, now.get(check), after) else "hidden"].append(Told(check, finding))
    return Change(
        first=before is None,
        **{key: tuple(several) for key, several in (news | past).items()},
        lost_sight=tuple(
            Sight(check, result.reason or "")
            for check, result in now.items()
            if _blind(result) and check in old and old[check].outcome is Outcome.PASSED
        ),
        regained=tuple(
            Sight(check, old[check].reason or "")
            for check, result in now.items()
            if not _blind(result) and check in old and _blind(old[check])
        ),
        before=before.verdict.placement if before else None,
        after=after.verdict.placement,
    )


def _state(finding: Finding, old: Result | None, before: Report | None) -> str:
    """Return to which part of a Change *finding* belongs, *old* being its check's result in *before*."""
    if old is None:
        return "newly_asked"
    known = {one.fingerprint: one for one in old.findings}.get(finding.fingerprint)
    if known is not None:
        return "kept" if (known.line, known.message) == (finding.line, finding.message) else "moved"
    return "new" if _looks_at(finding, old, before) else "now_seen"


def _looks_at(finding: Finding, result: Result | None, report: Report | None) -> bool:
    """Whether the check of *result* looked where *finding* is, so that its silence there means something."""
    if result is None:
        return False
    if result.outcome is Outcome.NOT_CHECKED and not (result.reason or "").startswith(PARTLY):
        return False
    if result.reason is None or finding.path is None:
        return True
    # Partly seen: its silence counts but for the files it names, else one large file would hide every regression.
    unseen = (result.reason, *(report.partial if report else ()))
    return not any(finding.path in words for words in unseen)


def _blind(result: Result) -> bool:
    return result.outcome is Outcome.NOT_CHECKED
