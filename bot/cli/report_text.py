"""A report as a person reads it in a terminal: the place first, then what holds it back, then the way up."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from bot.cli.giving import with_how
from checks.alike import Alike, alike
from checks.code_links import link_to
from checks.model import Finding, HeldBack, Outcome, Placement, Report
from checks.regression import Change
from checks.sentences import begun, names, place
from checks.verdict import unseen, worst_first

_Paint = Callable[[str, str], str]  # (ANSI code, text) -> what is printed

_WIDTH = 100
_SHOWN = 10  # different findings listed of one check
_PLACES = 8  # places listed of one sentence
_RESET = "\x1b[0m"
_LINK, _END = "\x1b]8;;", "\x1b\\"  # OSC 8: what stands between two of these is a link
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_COLOURS = {
    Placement.NOWHERE: "\x1b[31m",
    Placement.SANDBOX: "\x1b[33m",
    Placement.ISOLATED: "\x1b[36m",
    Placement.PRODUCTION: "\x1b[32m",
}


def colours_wanted(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether *stream* is a terminal and nobody asked for no colours (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    r"""
    Return *text* on one line with every character escaped that could steer a terminal or turn the reading direction.

    Names in a repository are a stranger's: control characters, bidirectional marks and zero-width ones become `\u202e`.
    """
    return "".join(char if _plain(char) else char.encode("unicode_escape").decode() for char in text)


def report_text(report: Report, change: Change | None = None, *, colours: bool) -> str:
    """
    Return *report* as lines of text, with ANSI colours where *colours* is true.

    With *change*, what changed since an earlier report, it tells only that. Where only some checks were asked there is
    no place to tell.
    """
    paint = _paint if colours else _leave
    if change is not None:
        return "\n".join(_changed(report, change, paint))
    return "\n".join(_answers(report, paint) if report.only else _lines(report, paint))


def _changed(report: Report, change: Change, paint: _Paint) -> Iterator[str]:
    """Yield what is new and what is gone; of advice only how much."""
    blocking = [told for told in change.fresh if told.finding.blocking]
    yield paint(
        _BOLD, f"{len(blocking)} new, {len(change.gone)} gone, {len(change.kept) + len(change.moved)} as before"
    )
    for title, several in (("New", blocking), ("Gone", change.gone)):
        if several:
            yield from ("", paint(_BOLD, title))
            yield from _findings([told.finding for told in several], report, paint)
    advice = len(change.fresh) - len(blocking)
    if advice:
        yield from ("", paint(_DIM, f"new advice, which holds nothing back: {advice} (--format json lists it)"))
    if change.hidden:
        checks = ", ".join(dict.fromkeys(told.check for told in change.hidden))
        yield from ("", *_wrapped(f"found before, and cannot be looked at any more: {checks}", ""))
    for sight in change.lost_sight:
        yield from ("", *_wrapped(f"{sight.check} can no longer look: {sight.reason}", ""))


def _answers(report: Report, paint: _Paint) -> Iterator[str]:
    """Yield what each check answered, advice too, which is marked: somebody asked for these."""
    for result in report.results:
        ordered = worst_first(result)
        blocking, advice = ([one for one in ordered if one.blocking is held] for held in (True, False))
        outcome = "advice only" if advice and not blocking and result.outcome is Outcome.FAILED else result.outcome
        yield f"{paint(_BOLD, result.check)}  {outcome.replace('_', ' ')}"
        if result.reason:
            yield from _wrapped(begun(with_how(result.reason)), "  ")
        yield from _findings(blocking, report, paint)
        if advice:
            yield paint(_DIM, f"  advice, which holds nothing back: {len(advice)}")
            yield from _findings(advice, report, paint)
    yield from ("", paint(_DIM, "Only these checks were asked, so there is no verdict."))


def _lines(report: Report, paint: _Paint) -> Iterator[str]:
    verdict = report.verdict
    place = paint(_COLOURS[verdict.placement] + _BOLD, str(verdict.placement))
    asked = "" if verdict.placement.rank >= verdict.asked.rank else f" (asked: {verdict.asked})"
    at = f" at {report.revision[:12]}" if report.revision else ""
    yield f"{place}{asked}  {printable(report.repository)}{at}"
    if verdict.here:
        yield from _wrapped(verdict.here, "  ")
    failed = [held for held in verdict.held_back if held.outcome is Outcome.FAILED]
    hidden = unseen(verdict.held_back)
    if failed:
        yield from ("", paint(_BOLD, "What holds it back"))
        for held in failed:
            yield from _held(held, report, paint)
    if hidden:
        yield from ("", paint(_BOLD, "What could not be looked at"))
        alike_hidden: dict[tuple[HeldBack, ...], list[str]] = {}
        for reason, several in hidden.items():
            alike_hidden.setdefault(tuple(several), []).append(reason)
        for checks, reasons in alike_hidden.items():
            for reason in reasons:
                yield from _wrapped(begun(with_how(reason)), "  ")
            yield from (paint(_DIM, line) for line in _wrapped(_capped(checks), "      "))
    if verdict.way_up:
        yield from ("", paint(_BOLD, f"The way up, to {verdict.leads_to or verdict.asked}"))
        for number, step in enumerate(verdict.way_up, 1):
            yield from _wrapped(f"{number}. {with_how(step)}", "  ")
    yield from _remarks(report, paint)


def _capped(several: Sequence[HeldBack]) -> str:
    """Return which checks cannot look, by the place that each holds the app back at, the worst first."""
    places: dict[Placement, list[str]] = {}
    for one in several:
        places.setdefault(one.allows, []).append(one.check)
    return "; ".join(f"no better than {place}: {', '.join(checks)}" for place, checks in places.items())


def _held(held: HeldBack, report: Report, paint: _Paint) -> Iterator[str]:
    yield f"  {paint(_COLOURS[held.allows], held.check)}  {paint(_DIM, f'no better than {held.allows}')}"
    findings = [
        finding
        for result in report.results
        if result.check == held.check
        for finding in worst_first(result)
        if finding.blocking
    ]
    if findings:
        yield from _findings(findings, report, paint)
    else:
        yield from _wrapped(begun(held.reason), "    ")


def _findings(findings: Sequence[Finding], report: Report, paint: _Paint) -> Iterator[str]:
    """Yield *findings*, each sentence once with its places, as many as fit on a screen, and once what mends them."""
    groups = alike(findings)
    for number, one in enumerate(groups[:_SHOWN]):
        yield from _alike(one, report, paint)
        if one.fix and all(later.fix != one.fix for later in groups[number + 1 : _SHOWN]):
            yield from (paint(_DIM, line) for line in _wrapped(f"→ {one.fix}", "    "))
    left = sum(len(one.findings) for one in groups[_SHOWN:])
    if left:
        yield f"    and {left} more (--format json lists them all)"


def _alike(one: Alike, report: Report, paint: _Paint) -> Iterator[str]:
    if len(one.findings) == 1:
        spot = place(one.findings[0])
        first, *rest = _wrapped(f"{spot}  {one.words}" if spot else one.words, "    ")
        linked = _linked(one.findings[0], report, paint)
        yield from (first.replace(printable(spot), linked, 1) if spot else first, *rest)
        return
    where = "" if one.subjects[0] else f", at {len(one.findings)} places"
    yield from _wrapped(f"{one.words}{where}:", "    ")
    for finding, subject in list(zip(one.findings, one.subjects, strict=True))[:_PLACES]:
        yield f"      {_linked(finding, report, paint)}{f'  {printable(subject)}' if subject else ''}"
    if len(one.findings) > _PLACES:
        yield f"      and {len(one.findings) - _PLACES} more"


def _linked(finding: Finding, report: Report, paint: _Paint) -> str:
    """Return the place of *finding*, in a terminal as a link to its line where the repository is at a code host."""
    spot, link = printable(place(finding)), link_to(finding, report.repository, report.revision, anywhere=True)
    return f"{_LINK}{link}{_END}{spot}{_LINK}{_END}" if link and paint is _paint else spot


def _remarks(report: Report, paint: _Paint) -> Iterator[str]:
    remarks = [*map(with_how, report.verdict.assumed), *report.partial]
    if report.suppressed:
        remarks.append(f"hides from scanners, which is not obeyed: {names(report.suppressed, _SHOWN)}")
    advice = [
        f"{result.check} {count}"
        for result in report.results
        if (count := sum(not finding.blocking for finding in result.findings))
    ]
    if advice:
        remarks.append(f"advice, which holds nothing back (--only CHECK shows it): {', '.join(advice)}")
    if report.advisories:
        date = report.advisories.date
        remarks.append(f"advisories: {report.advisories.source}, {f'{date:%d %B %Y}' if date else 'no date'}")
    remarks.append(f"{_counts(report)} in {report.duration_s:.1f} s")
    yield ""
    for remark in remarks:
        yield from (paint(_DIM, line) for line in _wrapped(remark, ""))


def _counts(report: Report) -> str:
    counts = [(sum(result.outcome is outcome for result in report.results), outcome) for outcome in Outcome]
    return ", ".join(f"{count} {outcome.replace('_', ' ')}" for count, outcome in counts if count)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        printable(text), _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _plain(char: str) -> bool:
    return char == " " or (
        char.isprintable() and unicodedata.category(char) not in {"Cf", "Mn", "Me", "Zs", "Zl", "Zp"}
    )


def _paint(code: str, text: str) -> str:
    return f"{code}{text}{_RESET}"


def _leave(_code: str, text: str) -> str:
    return text
