"""A verdict: the place in big, what it is here, what holds the app back, what was not seen, and the way up."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, header, post, section
from bot.views.evidence import evidence, revision_words
from bot.views.places import MARKS, NAMES
from bot.views.text import count, esc, linked, when
from checks.model import HeldBack, Outcome, Placement, Report, Verdict
from commands.news import Checked

_REASONS = 8  # more are not read on a card; [Details] has them all
_SPOTS = 3
_STEPS = 5


def view(news: Checked) -> Post:
    """Show a verdict."""
    verdict = news.report.verdict
    place = NAMES[verdict.placement]
    blocks = [
        header(f"{MARKS[verdict.placement]} {news.name}: {place}"),
        section(*_sentences(news)),
        *(_hidden(news) if news.hide_findings else _shown(news.report)),
        context(*_small_print(news.report)),
        actions(*_buttons(news)),
    ]
    return post(f"{news.name} may run: {place}.", blocks)


def _sentences(news: Checked) -> Iterator[str]:
    verdict = news.report.verdict
    if verdict.here:
        yield linked(verdict.here, 1200)
    if verdict.placement.rank >= verdict.asked.rank:
        yield f"*That is the place you asked for* ({NAMES[verdict.asked]})."
    else:
        yield f"You asked for *{NAMES[verdict.asked]}*."
    if news.app is None:
        yield "Nobody has registered this repository, so nobody answers for it yet."


def _hidden(news: Checked) -> Iterator[Json]:
    held = news.report.verdict.held_back
    failed = sum(one.outcome is Outcome.FAILED for one in held)
    unseen = len(held) - failed
    yield section(
        f"*What holds it back:* {count(failed, 'fault')}, and {count(unseen, 'check')} that could not be looked at.",
        "The findings are for those who answer for this code; they have them in their own messages.",
    )


def _shown(report: Report) -> Iterator[Json]:
    held = report.verdict.held_back
    failed = [one for one in held if one.outcome is Outcome.FAILED]
    unseen = [one for one in held if one.outcome is not Outcome.FAILED]
    if failed:
        yield section("*What holds it back*")
        yield rich.bullets(_cut([_fault(one, report) for one in failed]))
    if unseen or report.partial:
        yield section("*What could not be looked at* (not seen is not passed)")
        lines = [[rich.words(one.check, bold=True), rich.words(": "), *rich.sentence(one.reason)] for one in unseen]
        yield rich.bullets(_cut([*lines, *(rich.sentence(part) for part in report.partial)]))
    if report.verdict.way_up:
        yield section(f"*The shortest way up*, to {NAMES[_next_place(report.verdict)]}")
        steps = [rich.sentence(step) for step in report.verdict.way_up]
        yield rich.bullets(_cut(steps, _STEPS), numbered=True)


def _next_place(verdict: Verdict) -> Placement:
    """Return the place that the way up leads to: what the rest of the reasons allows, once the lowest are mended."""
    above = [one.allows for one in verdict.held_back if one.allows.rank > verdict.placement.rank]
    return min(above, key=lambda place: place.rank, default=verdict.asked)


def _fault(held: HeldBack, report: Report) -> list[Json]:
    result = next((one for one in report.results if one.check == held.check), None)
    blocking = [one for one in result.findings if one.blocking] if result else []
    if not blocking:
        return [rich.words(held.check, bold=True), rich.words(": "), *rich.sentence(held.reason)]
    line = [rich.words(held.check, bold=True), rich.words(": "), *rich.sentence(blocking[0].message), rich.words(" ")]
    spots = [spot for one in blocking if (spot := evidence(one, report.repository, report.revision))]
    unique = [spot for number, spot in enumerate(spots) if spot not in spots[:number]]
    for number, spot in enumerate(unique[:_SPOTS]):
        line += [rich.words(", "), spot] if number else [spot]
    if len(unique) > _SPOTS:
        line.append(rich.words(f" and {len(unique) - _SPOTS} more"))
    return line


def _cut(lines: list[list[Json]], most: int = _REASONS) -> list[list[Json]]:
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], [rich.words(f"and {more} more, in Details")]]


def _small_print(report: Report) -> Iterator[str]:
    for words in report.verdict.assumed:
        yield esc(words[:1].upper() + words[1:])
    advice = sum(not one.blocking for result in report.results for one in result.findings)
    if advice:
        yield f"Advice that holds nothing back: {count(advice, 'piece')}, in Details."
    if report.suppressed:
        yield f"Places that ask scanners to look away, and count all the same: {len(report.suppressed)}, in Details."
    yield " · ".join(
        [
            f"{revision_words(report.revision)}",
            f"checked {when(report.checked_at)} in {max(1, round(report.duration_s))} s",
            _advisories(report),
        ]
    )


def _advisories(report: Report) -> str:
    if report.advisories is None or report.advisories.date is None:
        return "no list of known vulnerabilities"
    return f"known vulnerabilities as of {report.advisories.date:%d %b %Y}"


def _buttons(news: Checked) -> Iterator[Json | None]:
    again = news.app.id if news.app else news.report_id
    yield button("Check again", "check-again", again, about=f"Check {news.name} again")
    if not news.hide_findings:
        yield button("Details", "show-details", news.report_id, about=f"Details of {news.name}")
        if any(result.outcome is Outcome.FAILED for result in news.report.results):
            yield button("Fix prompt", "show-fix-prompt", news.report_id, about=f"Fix prompt for {news.name}")
    if news.app is not None and news.may_ask:
        yield button("Ask an admin to connect it", "ask-private", news.app.id)
    if news.app is None:
        yield button("Register it", "register-app", news.report_id, style="primary")
