"""Everything a report holds, check by check: what failed first, then what was not seen, then the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views import rich
from bot.views.block_kit import Form, Json, divider, modal, section
from bot.views.evidence import evidence, revision_words
from bot.views.giving import with_whom
from bot.views.places import NAMES
from bot.views.text import count, esc, when
from checks.model import Finding, Outcome, Report, Result
from checks.sentences import begun
from commands.news import Details

_ORDER = (Outcome.FAILED, Outcome.NOT_CHECKED, Outcome.PASSED, Outcome.NOT_APPLICABLE)
_FINDINGS = 12  # of one check
_CHECKS = 35  # with findings, two blocks each, within the hundred of a window
_REASONS = 10  # why something could not be looked at, a block each
_QUIET = 15  # checks in one block: 3,000 characters hold them and their reasons
_SUPPRESSED = 10
_MARKS = {
    Outcome.FAILED: "\N{LARGE RED CIRCLE}",
    Outcome.NOT_CHECKED: "\N{LARGE YELLOW CIRCLE}",
    Outcome.PASSED: "\N{LARGE GREEN CIRCLE}",
    Outcome.NOT_APPLICABLE: "\N{MEDIUM WHITE CIRCLE}",
}
_WORDS = {
    Outcome.FAILED: "found",
    Outcome.NOT_CHECKED: "could not be looked at",
    Outcome.PASSED: "not found",
    Outcome.NOT_APPLICABLE: "does not apply",
}
_ADVICE = ("\N{ELECTRIC LIGHT BULB}", "advice, which holds nothing back")


def view(news: Details) -> Form:
    """Show a report in a window."""
    report = news.report
    ordered = sorted(report.results, key=lambda one: (_ORDER.index(one.outcome), one.allows.rank, one.check))
    told = [one for one in ordered if one.outcome is Outcome.FAILED or one.findings]
    unseen = [one for one in ordered if one.outcome is Outcome.NOT_CHECKED and not one.findings]
    quiet = [one for one in ordered if one not in told and one not in unseen]
    blocks: list[Json] = [section(*_summary(news))]
    for result in told[:_CHECKS]:
        blocks += _result(result, report)
    if len(told) > _CHECKS:
        blocks.append(section(f"… and {count(len(told) - _CHECKS, 'more check')} with findings"))
    blocks += _unseen(unseen, news.name)
    if quiet:
        blocks.append(divider())
    for start in range(0, len(quiet), _QUIET):
        blocks.append(section(*("\n".join(_lines(one)) for one in quiet[start : start + _QUIET])))
    if report.suppressed:
        blocks += [divider(), section("*Places that ask scanners to look away* (they count all the same)")]
        blocks.append(rich.bullets([rich.sentence(one) for one in report.suppressed[:_SUPPRESSED]]))
    return modal("Details", blocks)


def _summary(news: Details) -> Iterator[str]:
    report = news.report
    yield f"*{esc(news.name)}* may run: *{NAMES[report.verdict.placement]}*"
    yield f"{revision_words(report.revision)}, checked {when(report.checked_at)}"
    for words in report.partial:
        yield f"Not all of it was read: {esc(words)}"


def _result(result: Result, report: Report) -> Iterator[Json]:
    yield section(*_lines(result))
    if result.findings:
        ordered = sorted(result.findings, key=lambda one: not one.blocking)
        lines = [_finding(one, report) for one in ordered[:_FINDINGS]]
        if len(ordered) > _FINDINGS:
            lines.append([rich.words(f"and {count(len(ordered) - _FINDINGS, 'more finding')}")])
        yield rich.bullets(lines)


def _unseen(results: Sequence[Result], name: str) -> Iterator[Json]:
    """Say once why several checks could not look at the app *name*, in the order of what they hold back."""
    hidden: dict[str, list[Result]] = {}
    for one in results:
        hidden.setdefault(one.reason or "", []).append(one)
    for reason, several in list(hidden.items())[:_REASONS]:
        mark, became = _MARKS[Outcome.NOT_CHECKED], _WORDS[Outcome.NOT_CHECKED].capitalize()
        names = (f"• *{esc(one.title or one.check)}* (`{esc(one.check)}`)" for one in several)
        yield section(f"{mark} {became}: {esc(with_whom(reason, name), 400)}", *names)
    rest = list(hidden.values())[_REASONS:]
    if rest:
        checks = ", ".join(f"`{esc(one.check)}`" for several in rest for one in several)
        yield section(f"{_MARKS[Outcome.NOT_CHECKED]} Could not be looked at for other reasons: {checks}")


def _finding(finding: Finding, report: Report) -> list[Json]:
    place = evidence(finding, report.repository, report.revision)
    advice = [] if finding.blocking else [rich.words("advice: ", bold=True)]
    return [*advice, *rich.sentence(finding.message), rich.words(" "), *([place] if place else [])]


def _lines(result: Result) -> Iterator[str]:
    """Say what became of what, with the check's id behind it: so a pass reads as one, and advice is no fault."""
    mark, became = _MARKS[result.outcome], _WORDS[result.outcome]
    if result.outcome is Outcome.FAILED and result.findings and not any(one.blocking for one in result.findings):
        mark, became = _ADVICE
    yield f"{mark} {became.capitalize()}: *{esc(result.title or result.check)}* (`{esc(result.check)}`)"
    if result.reason:
        yield esc(begun(result.reason), 400)
