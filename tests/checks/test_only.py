"""Where only some checks were asked, no form of the report tells a verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.cli.report_text import report_text
from checks.markdown import to_markdown
from checks.model import Context, Outcome, Placement, Report
from checks.policy import load
from checks.regression import compare
from checks.report_json import from_json, to_json
from checks.sarif import to_sarif
from checks.verdict import judge
from tests.checks.results import finding, result

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ANSWERS = (
    result("open-route", Outcome.FAILED, finding("An open route"), finding("A form", fingerprint="g", blocking=False)),
    result("no-runbook", Outcome.FAILED, finding("no page", None, None, blocking=False), allows=Placement.PRODUCTION),
    result("tls-expiry", Outcome.NOT_CHECKED, reason="no live address was given, alas"),
)
REPORT = Report(
    "app", None, NOW, 0.5, ANSWERS, judge(ANSWERS, Context(), load()), front_page="README.md",
    only=("no-runbook", "open-route", "tls-expiry"),
)  # fmt: skip


def test_json_has_no_verdict() -> None:
    """The verdict is null, `only` says which checks were asked, and the report can still be compared with."""
    plain = to_json(REPORT)
    assert (plain["verdict"], list(plain["only"])) == (None, ["no-runbook", "open-route", "tls-expiry"])
    again = from_json(json.dumps(plain, default=str))
    assert again.only == REPORT.only
    assert not compare(again, REPORT).fresh


def test_markdown_has_no_verdict() -> None:
    """It lists what these checks found and could not see, and neither a place nor a way up."""
    text = to_markdown(REPORT)
    assert "so there is no verdict" in text
    assert "nowhere" not in text
    assert "way up" not in text
    assert "An open route" in text
    assert "| advice | `no-runbook` |" in text
    assert "did not run" not in text


def test_sarif_has_no_place() -> None:
    """The log's properties name the checks, and what is about the whole stands at the front page."""
    (run,) = to_sarif(REPORT)["runs"]
    assert run["properties"] == {"only": list(REPORT.only)}
    assert {where(one) for one in run["results"] if one["ruleId"] != "open-route"} == {"README.md"}


def where(one: dict[str, Any]) -> str:
    """The address of a SARIF result's only place."""
    (location,) = one["locations"]
    return str(location["physicalLocation"]["artifactLocation"]["uri"])


def test_the_text_marks_advice() -> None:
    """Under each check what blocks comes before what is advice, which is marked; one that only advises says so."""
    text = report_text(REPORT, colours=False)
    assert "open-route  failed" in text
    assert text.index("An open route") < text.index("advice, which holds nothing back: 1") < text.index("A form")
    assert "no-runbook  advice only" in text
    assert "No live address was given, alas (--live-url URL)" in text
    assert text.endswith("Only these checks were asked, so there is no verdict.")


def test_a_whole_report_says_where_the_way_up_leads() -> None:
    """In a terminal and in Markdown the way up names the place, and what is unseen how far it holds back."""
    whole = Report("app", None, NOW, 0.5, ANSWERS, judge(ANSWERS, Context(), load()))
    text = report_text(whole, colours=False)
    assert f"The way up, to {whole.verdict.leads_to}" in text
    assert "no better than sandbox: tls-expiry" in text
    assert "(--data none, internal, personal or payment)" in " ".join(text.split())
    markdown = to_markdown(whole)
    assert markdown.index("#### The way up, to ") < markdown.index("#### What holds it back")
    assert "| `open-route` |" in markdown


def test_what_hides_the_same_checks_names_them_once() -> None:
    """Several reasons that hide the very same checks are followed by one list of these."""
    blind = [
        replace(result(name, Outcome.NOT_CHECKED, reason="x; y"), unseen=("no sight of x", "no sight of y"))
        for name in ("one", "two")
    ]
    text = report_text(Report("app", None, NOW, 0.5, tuple(blind), judge(blind, Context(), load())), colours=False)
    assert "  No sight of x\n  No sight of y\n      no better than sandbox: one, two\n" in text
