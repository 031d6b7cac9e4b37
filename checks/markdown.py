"""
A report as Markdown (GitHub's), for a comment on a pull request: the place, the way up, what holds the app back.

Everything that comes from the repository is escaped: no text of it can make a link, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from checks.alike import alike
from checks.code_links import link_to
from checks.model import Finding, Outcome, Placement, Report, Severity, Verdict
from checks.regression import Change, Told
from checks.sentences import begun, place
from checks.verdict import unseen

_SHOWN = 20  # rows of one part; a comment holds 65,536 characters
_PLACES = 5  # of one row
_LONGEST = 500  # characters of one message
_SPECIAL = re.compile(r"([\\`*_\[\]#|<>~$@])")
#: Control, zero width and bidirectional characters, and those that spell out unseen words (Unicode's tags).
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def to_markdown(report: Report, change: Change | None = None) -> str:
    """
    Return *report* as Markdown.

    With *change*, what changed since an earlier report, only what is new or gone is listed.
    """
    return "\n".join(_lines(report, change)) + "\n"


def _lines(report: Report, change: Change | None) -> Iterator[str]:
    verdict = report.verdict
    if report.only:
        yield f"### Groundcrew: {', '.join(f'`{check}`' for check in report.only)}"
        yield from ("", "Only these checks were asked, so there is no verdict.")
    else:
        asked = "" if verdict.placement.rank >= verdict.asked.rank else f" (asked: {verdict.asked})"
        yield f"### Groundcrew: **{verdict.placement}**{asked}"
        if verdict.here:
            yield from ("", escaped(verdict.here))
    if change is not None:
        yield from _changed(report, change)
    if not report.only:
        yield from _way_up(verdict)
    if change is None:
        yield from _held(report)
    yield from _unseen(report)


def _way_up(verdict: Verdict) -> Iterator[str]:
    if verdict.way_up:
        yield from ("", f"#### The way up, to {verdict.leads_to or verdict.asked}", "")
        yield from (f"{number}. {escaped(step)}" for number, step in enumerate(verdict.way_up, 1))


def _unseen(report: Report) -> Iterator[str]:
    hidden: dict[str, list[tuple[str, str]]] = {}
    if report.only:
        for result in report.results:
            if result.outcome is Outcome.NOT_CHECKED:
                hidden.setdefault(result.reason or "", []).append((result.check, ""))
    else:
        for reason, held in unseen(report.verdict.held_back).items():
            hidden[reason] = [(one.check, f" ({one.allows})") for one in held]
    if hidden:
        count = len({check for several in hidden.values() for check, _ in several})
        yield from ("", f"<details><summary>Could not be looked at: {count}</summary>", "")
        for reason, several in hidden.items():
            yield f"- {escaped(begun(reason))}: {', '.join(f'`{check}`{allows}' for check, allows in several)}"
        yield from ("", "</details>")


def _held(report: Report) -> Iterator[str]:
    told = _worst_first(Told(result.check, finding) for result in report.results for finding in result.findings)
    blocking = [one for one in told if one.finding.blocking]
    yield from _part("What is found" if report.only else "What holds it back", blocking, report)
    yield from _folded("Advice", [one for one in told if not one.finding.blocking], report)


def _worst_first(told: Iterable[Told]) -> list[Told]:
    """Return *told*, what holds back most first, else as it came: by place, then by severity."""
    severities = list(Severity)
    return sorted(
        told,
        key=lambda one: (
            (one.finding.allows or Placement.PRODUCTION).rank,
            -severities.index(one.finding.severity or Severity.LOW),
        ),
    )


def _changed(report: Report, change: Change) -> Iterator[str]:
    blocking = [one for one in change.fresh if one.finding.blocking]
    if not change.fresh:
        yield from ("", "No new findings.")
    yield from _part("New", _worst_first(blocking), report)
    yield from _folded("New advice", [one for one in change.fresh if not one.finding.blocking], report)
    yield from _folded("Gone", change.gone, report)
    yield from _folded("Found before, and cannot be looked at any more", change.hidden, report)
    for sight in change.lost_sight:
        yield from ("", f"`{sight.check}` can no longer look: {escaped(sight.reason)}")


def _part(title: str, told: Sequence[Told], report: Report) -> Iterator[str]:
    if told:
        yield from ("", f"#### {title}", "", *_table(told, report))


def _folded(title: str, told: Sequence[Told], report: Report) -> Iterator[str]:
    if told:
        yield from ("", f"<details><summary>{title}: {len(told)}</summary>", "", *_table(told, report))
        yield from ("", "</details>")


def _table(told: Sequence[Told], report: Report) -> Iterator[str]:
    """Yield a row for all findings of a check that say the same, the worst first, with how far they hold it back."""
    checks: dict[tuple[str, str], list[Finding]] = {}
    for one in told:
        holds = str(one.finding.allows or "") if one.finding.blocking else "advice"
        checks.setdefault((one.check, holds), []).append(one.finding)
    rows = [(check, holds, group) for (check, holds), several in checks.items() for group in alike(several)]
    yield from ("| no better than | check | where | what |", "|---|---|---|---|")
    for check, holds, group in rows[:_SHOWN]:
        where = [_where(finding, report) for finding in group.findings[:_PLACES]]
        more = len(group.findings) - _PLACES
        spots = "<br>".join([*dict.fromkeys(filter(None, where)), *([f"and {more} more"] if more > 0 else [])])
        yield f"| {holds} | `{check}` | {spots} | {escaped(group.words)} |"
    left = sum(len(group.findings) for _, _, group in rows[_SHOWN:])
    if left:
        yield f"| | | | and {left} more |"


def _where(finding: Finding, report: Report) -> str:
    """Return the place of *finding*, as a link where the repository is at a code host whose links are known."""
    words, link = escaped(place(finding)), link_to(finding, report.repository, report.revision, anywhere=True)
    return f"[{words}]({link})" if link else words


def escaped(text: str) -> str:
    """Return *text* on one line as Markdown that shows it and does nothing else; cut off after 500 characters."""
    plain = _INVISIBLE.sub("", " ".join(text.split()))
    cut = plain if len(plain) <= _LONGEST else plain[: _LONGEST - 2] + " …"
    safe = _SPECIAL.sub(r"\\\1", cut.replace("&", "&amp;")).replace("://", ":\\/\\/").replace("www.", "www\\.")
    # A word joiner after @ and # keeps GitHub from making a mention or a reference where a backslash does not.
    return safe.replace("\\@", "\\@\u2060").replace("\\#", "\\#\u2060")
