"""
A report as Markdown (GitHub's), for a comment on a pull request: the place, what is new, what holds the app back.

Everything that comes from the repository is escaped: no text of it can make a link, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from checks.model import Finding, Report
from checks.regression import Change, Told
from checks.sentences import place
from checks.verdict import unseen

_SHOWN = 20  # findings listed in one part; a comment holds 65,536 characters
_LONGEST = 500  # characters of one message
_SPECIAL = re.compile(r"([\\`*_\[\]#|<>~$@])")
_INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def to_markdown(report: Report, change: Change | None = None) -> str:
    """
    Return *report* as Markdown.

    With *change*, what changed since an earlier report, only what is new or gone is listed.
    """
    return "\n".join(_lines(report, change)) + "\n"


def _lines(report: Report, change: Change | None) -> Iterator[str]:
    verdict = report.verdict
    asked = "" if verdict.placement.rank >= verdict.asked.rank else f" (asked: {verdict.asked})"
    yield f"### Groundcrew: **{verdict.placement}**{asked}"
    if verdict.here:
        yield from ("", escaped(verdict.here))
    if change is None:
        yield from _held(report)
    else:
        yield from _changed(report, change)
    hidden = unseen(verdict.held_back)
    if hidden:
        yield from ("", f"<details><summary>Could not be looked at: {sum(map(len, hidden.values()))}</summary>", "")
        for reason, checks in hidden.items():
            yield f"- {', '.join(f'`{check}`' for check in checks)}: {escaped(reason)}"
        yield from ("", "</details>")
    if verdict.way_up:
        yield from ("", "<details><summary>The way up</summary>", "")
        yield from (f"{number}. {escaped(step)}" for number, step in enumerate(verdict.way_up, 1))
        yield from ("", "</details>")


def _held(report: Report) -> Iterator[str]:
    told = [Told(result.check, finding) for result in report.results for finding in result.findings]
    blocking = [one for one in told if one.finding.blocking]
    yield from _part("What holds it back", blocking, report)
    yield from _folded("Advice", [one for one in told if not one.finding.blocking], report)


def _changed(report: Report, change: Change) -> Iterator[str]:
    blocking = [one for one in change.fresh if one.finding.blocking]
    if not change.fresh:
        yield from ("", "No new findings.")
    yield from _part("New", blocking, report)
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
    yield from ("| check | where | what |", "|---|---|---|")
    for one in told[:_SHOWN]:
        yield f"| `{one.check}` | {_where(one.finding, report)} | {escaped(one.finding.message)} |"
    if len(told) > _SHOWN:
        yield f"| | | and {len(told) - _SHOWN} more |"


def _where(finding: Finding, report: Report) -> str:
    """Return the place of *finding*, as a link where the repository is at a code host whose links are known."""
    words, link = escaped(place(finding)), link_to(report, finding)
    return f"[{words}]({link})" if link else words


def link_to(report: Report, finding: Finding) -> str | None:
    """Return the address of *finding*'s line at its code host, or None; GitHub and GitLab write it alike."""
    if finding.path is None or report.revision is None or not report.repository.startswith("https://"):
        return None
    path = quote(finding.path.encode("utf-8", "replace"), safe="/")
    line = "" if finding.line is None else f"#L{finding.line}"
    return f"{report.repository.removesuffix('.git')}/blob/{report.revision}/{path}{line}"


def escaped(text: str) -> str:
    """Return *text* on one line as Markdown that shows it and does nothing else; cut off after 500 characters."""
    plain = _INVISIBLE.sub("", " ".join(text.split()))
    cut = plain if len(plain) <= _LONGEST else plain[: _LONGEST - 2] + " …"
    safe = _SPECIAL.sub(r"\\\1", cut.replace("&", "&amp;")).replace("://", ":\\/\\/").replace("www.", "www\\.")
    # A word joiner after @ and # keeps GitHub from making a mention or a reference where a backslash does not.
    return safe.replace("\\@", "\\@\u2060").replace("\\#", "\\#\u2060")
