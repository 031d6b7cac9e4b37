"""What an owner is told to do in Slack: whom to ask or which form to fill in, in no engineer's words."""

from __future__ import annotations

from dataclasses import replace

from bot.views.block_kit import fit
from bot.views.giving import with_whom
from checks.model import Finding, HeldBack, Outcome, Placement, Route
from checks.sight import Lack
from checks.verdict import UNSAID
from tests.bot.views.samples import CHECKED, OPEN_ROUTE, REPORT, VERDICT
from tests.bot.views.test_words import words


def read(news: object) -> str:
    """Everything there is to read in the view of *news*, on one line and without marks."""
    return " ".join(words(news).replace("`", "").split())


def test_no_owner_is_sent_to_a_command_line() -> None:
    """Whatever is lacking, the words name a form or people, and neither a flag, nor a variable, nor a program."""
    for lack in Lack:
        said = with_whom(f"so: {lack}, alas", "billing-bot")
        assert said.startswith(f"so: {lack}, alas: ")
        assert not any(sign in said for sign in ("--", "GROUNDCREW_", "groundcrew "))


def test_a_verdict_names_the_form_for_what_nobody_said() -> None:
    """Where data, audience or exposure were assumed, and where no address is known, the app's form is named."""
    hidden = HeldBack("tls-expiry", Outcome.NOT_CHECKED, f"{Lack.ADDRESS}, alas", Placement.ISOLATED)
    verdict = replace(VERDICT, held_back=(*VERDICT.held_back, hidden), assumed=(UNSAID["data"],))
    said = read(replace(CHECKED, report=replace(REPORT, verdict=verdict)))
    assert "No live address was given, alas: /register-app billing-bot opens the form for it" in said
    assert "opens the form for it, where you can say it." in said


def test_names_keep_their_letters() -> None:
    """A package, a path or a function at the start of a sentence gets no capital; a word of ours does."""
    for message, shown in (
        ("python-jose 3.3.0 has a fault", "python-jose 3.3.0 has"),
        ("package.json asks for much", "package.json asks"),
        ("there is no file", "There is no file"),
    ):
        result = replace(OPEN_ROUTE, findings=(Finding(message, "a.py", 1),))
        assert shown in read(replace(CHECKED, report=replace(REPORT, results=(result,))))


def test_routes_that_share_a_fault_share_a_sentence() -> None:
    """What is true of several routes is said once, with their places."""
    found = [
        Finding(f"GET /{name} answers everybody", "src/api.py", line, route=Route("GET", f"/{name}"))
        for line, name in enumerate("ab", 1)
    ]
    said = read(replace(CHECKED, report=replace(REPORT, results=(replace(OPEN_ROUTE, findings=tuple(found)),))))
    assert said.count("answers everybody") == 1
    assert "Each of 2 routes answers everybody src/api.py:1 , src/api.py:2" in said


def test_nothing_stands_below_what_was_left_out() -> None:
    """Behind a line that does not fit no later one is shown: it would read as a part of what stands above."""
    assert fit(["heading", "x" * 500, "a reason of the long one"], 200) == "heading\n… and 2 more"


def test_the_place_is_named_once() -> None:
    """What the place is here begins with what it means, where the heading has its name already."""
    here = "Nowhere yet: it stays on its builder's own machine."
    verdict = replace(VERDICT, placement=Placement.NOWHERE, here=here)
    said = read(replace(CHECKED, report=replace(REPORT, verdict=verdict)))
    assert "billing-bot: nowhere yet It stays on its builder's own machine." in said
