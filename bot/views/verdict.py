"""A verdict: the place in big, what it is here, what holds the app back, what was not seen, and the way up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.views import rich
from bot.views.block_kit import Json, Post, actions, button, context, header, post, section
from bot.views.evidence import evidence, revision_words
from bot.views.giving import form_of, with_whom
from bot.views.places import MARKS, NAMES
from bot.views.text import count, esc, linked, when
from checks.alike import Alike, alike
from checks.model import HeldBack, Outcome, Report
from checks.sentences import begun
from checks.verdict import OWNER, UNSAID, unseen, worst_first
from commands.news import Checked

_SAMPLE = "examples/advisories"  # how reports name the few records that come with Groundcrew
_OLD = timedelta(days=30)  # of advisories; new ones are published every day
_REASONS = 8  # more are not read on a card; [Details] has them all
_EACH = 3  # findings of one check
_SPOTS = 3  # places of one finding
_STEPS = 5


def view(news: Checked) -> Post:
    """Show a verdict."""
    verdict = news.report.verdict
    place = NAMES[verdict.placement]
    blocks = [
        header(f"{MARKS[verdict.placement]} {news.name}: {place}"),
        section(*_sentences(news)),
        *(_hidden(news) if news.hide_findings else _shown(news)),
        context(*_small_print(news)),
        actions(*_buttons(news)),
    ]
    return post(f"{news.name} may run: {place}.", blocks)


def _sentences(news: Checked) -> Iterator[str]:
    verdict = news.report.verdict
    if verdict.here:
        # The heading has named the place already.
        own = f"{NAMES[verdict.placement]}: "
        here = verdict.here[len(own) :] if verdict.here.lower().startswith(own) else verdict.here
        yield linked(here[:1].upper() + here[1:], 1200)
    if verdict.placement.rank >= verdict.asked.rank:
        yield f"*That is the place that was wanted* ({NAMES[verdict.asked]})."
    else:
        yield f"Wanted: *{NAMES[verdict.asked]}*."
    if news.app is None:
        yield "Nobody has registered this repository, so nobody answers for it yet."


def _hidden(news: Checked) -> Iterator[Json]:
    held = news.report.verdict.held_back
    failed = sum(one.outcome is Outcome.FAILED for one in held)
    blind = len(held) - failed
    yield section(
        f"*What holds it back:* {count(failed, 'fault')}, and {count(blind, 'check')} that could not be looked at.",
        "The findings are for those who answer for this code; they have them in their own messages.",
    )


def _shown(news: Checked) -> Iterator[Json]:
    report, verdict = news.report, news.report.verdict
    failed = [one for one in verdict.held_back if one.outcome is Outcome.FAILED]
    blind = unseen(verdict.held_back)
    if failed:
        yield section("*What holds it back*")
        lines = [line for one in failed[:_REASONS] for line in _faults(one, report)]
        if len(failed) > _REASONS:
            lines.append([rich.words(f"and {count(len(failed) - _REASONS, 'more kind')} of fault, in Details")])
        yield rich.bullets(lines)
    if blind or report.partial:
        yield section("*What could not be looked at* (not seen is not passed)")
        lines = [
            [*rich.sentence(with_whom(why, news.name)), rich.small(f" ({', '.join(one.check for one in several)})")]
            for why, several in blind.items()
        ]
        told = [part for part in report.partial if not any(part in why for why in blind)]
        yield rich.bullets(_cut([*lines, *(rich.sentence(part) for part in told)]))
    if verdict.way_up:
        yield section(f"*The shortest way up*, to {NAMES[verdict.leads_to or verdict.asked]}")
        steps = [rich.sentence(with_whom(step, news.name)) for step in verdict.way_up]
        yield rich.bullets(_cut(steps, _STEPS), numbered=True)


def _faults(held: HeldBack, report: Report) -> Iterator[list[Json]]:
    """Say each blocking finding in its own words with its own places, the worst first, up to a few."""
    result = next((one for one in report.results if one.check == held.check), None)
    groups = alike(one for one in worst_first(result) if one.blocking) if result else []
    name = [] if held.check == OWNER else [rich.small(f" ({held.check})")]
    if not groups:
        yield [*rich.sentence(held.reason), *name]
    for number, one in enumerate(groups[:_EACH]):
        yield [*rich.sentence(one.words), *_listed(one, report), *(name if number == 0 else [])]
    if len(groups) > _EACH:
        yield [rich.words(f"and {len(groups) - _EACH} more"), *name, rich.words(", in Details")]


def _listed(group: Alike, report: Report) -> Iterator[Json]:
    spots: list[Json] = []
    for one in group.findings:
        spot = evidence(one, report.repository, report.revision)
        if spot is not None and spot not in spots:
            spots.append(spot)
    for number, spot in enumerate(spots[:_SPOTS]):
        yield rich.words(", " if number else " ")
        yield spot
    if len(spots) > _SPOTS:
        yield rich.words(f" and {len(spots) - _SPOTS} more places")


def _cut(lines: list[list[Json]], most: int = _REASONS) -> list[list[Json]]:
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], [rich.words(f"and {more} more, in Details")]]


def _small_print(news: Checked) -> Iterator[str]:
    report = news.report
    for words in report.verdict.assumed:
        yield esc(begun(words))
    if news.app is not None and any(words in UNSAID.values() for words in report.verdict.assumed):
        yield f"{form_of(esc(news.name))}, where you can say it."
    advice = sum(not one.blocking for result in report.results for one in result.findings)
    if advice:
        yield f"Advice that holds nothing back: {count(advice, 'piece')}, in Details."
    if report.suppressed:
        yield f"Places that ask scanners to look away, and count all the same: {len(report.suppressed)}, in Details."
    yield " · ".join(
        [
            f"{revision_words(report.revision)}",
            f"checked {when(report.checked_at)} in {max(1, round(report.duration_s))} s",
        ]
    )
    yield _advisories(report)


def _advisories(report: Report) -> str:
    """Say what was known of vulnerabilities when it was checked: a sample, or old data, lets most of them through."""
    data = report.advisories
    if data is None or data.date is None:
        return "There was no list of known vulnerabilities."
    said = f"Known vulnerabilities: {esc(data.source, 200)}, as of {data.date:%d %b %Y}"
    if data.source.startswith(_SAMPLE):
        said += " – a sample for a first try"
    age = report.checked_at - data.date
    return f"{said}. *Its newest is {age.days} days old: newer ones are not seen.*" if age > _OLD else f"{said}."


def _buttons(news: Checked) -> Iterator[Json | None]:
    again = news.app.id if news.app else news.report_id
    yield button("Check again", "check-again", again, about=f"Check {news.name} again")
    if not news.hide_findings:
        yield button("Details", "show-details", news.report_id, about=f"Details of {news.name}")
        if any(result.outcome is Outcome.FAILED for result in news.report.results):
            yield button("Fix prompt", "show-fix-prompt", news.report_id, about=f"Fix prompt for {news.name}")
    if news.app is not None and news.may_ask:
        yield button("Ask an admin to connect it", "ask-private", news.app.id)
    if news.app is not None and news.may_ask_probe:
        yield button("Ask an admin to let me look at it live", "ask-probe", news.app.id)
    if news.app is None:
        yield button("Register it", "register-app", news.report_id, style="primary")
