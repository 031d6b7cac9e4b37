"""What the views say: the place, the evidence that opens, what is hidden from whom, and who comes next."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.render import render
from bot.views.block_kit import Form, Post
from bot.views.text import when
from checks.model import AdvisoryData, Finding, Outcome, Placement, Verdict
from commands.moments import for_reader
from commands.news import AppList, AppRow, Checked, CheckStarted, Details, FixPrompt, ProbeAsked, Registered, Said
from commands.page_news import Paged
from storage.model import Acceptance, CheckRequest, Owner, Role, Told
from tests.bot.views.samples import (
    ACKNOWLEDGED,
    APP,
    CARD,
    CHECKED,
    COMMIT,
    NOW,
    OPEN_ROUTE,
    OWNER,
    PAGE,
    PROBE,
    REGRESSED,
    REPORT,
    STEPS,
)
from tests.bot.views.slack_judges import urls
from tests.workspace_message import Message


def words(news: Any) -> str:
    """Everything there is to read in the view of *news*."""
    shown = render(news)
    assert isinstance(shown, Post)
    return Message("C1", {"text": shown.text, "blocks": list(shown.blocks)}).words


def buttons(news: Any) -> dict[str, str]:
    """The orders of the buttons, by their texts."""
    shown = render(news)
    assert isinstance(shown, Post)
    rows = [block for block in shown.blocks if block["type"] == "actions"]
    return {one["text"]["text"]: one["action_id"] for row in rows for one in row["elements"]}


def test_a_verdict_opens_its_evidence() -> None:
    """Each reason links to its line at the commit that was checked; the way up says where it leads."""
    said = words(CHECKED)
    assert "billing-bot: sandbox" in said
    assert "*The shortest way up*, to isolated place" in said
    shown = render(CHECKED)
    assert isinstance(shown, Post)
    base = f"https://github.com/acme/billing-bot/blob/{COMMIT}/src/api.py"
    assert list(urls(shown.blocks)) == [f"{base}#L18", f"{base}#L30"]
    assert set(buttons(CHECKED)) == {"Check again", "Details", "Fix prompt"}


def test_each_finding_stands_in_its_own_words_beside_its_own_places() -> None:
    """The worst of a check comes first, what says the same shares a line, and what is left out is counted."""
    found = [Finding("Requests 2.19.1 has CVE-1", "requirements.txt", 4, allows=Placement.ISOLATED)]
    found += [Finding("python-jose 3.3.0 has CVE-2", path, 5) for path in ("requirements.txt", "other.txt")]
    found += [Finding(f"P{number} 1.0 has CVE-3", "requirements.txt", 9) for number in range(3)]
    found.append(Finding("advice alone", "requirements.txt", 7, blocking=False))
    report = replace(REPORT, results=(replace(OPEN_ROUTE, findings=tuple(found)),))
    shown = render(replace(CHECKED, report=report))
    assert isinstance(shown, Post)
    (listed, *_) = [block["elements"][0]["elements"] for block in shown.blocks if block["type"] == "rich_text"]
    lines = ["".join(one["text"] for one in item["elements"]) for item in listed]
    assert lines == [
        "python-jose 3.3.0 has CVE-2 requirements.txt:5, other.txt:5 (open-route)",
        "P0 1.0 has CVE-3 requirements.txt:9",
        "P1 1.0 has CVE-3 requirements.txt:9",
        "and 2 more (open-route), in Details",
    ]


def test_a_verdict_says_what_advisories_it_rests_on() -> None:
    """Whose they are and of when; that they are a sample, or older than a month, is said plainly."""
    for source, days, said in (
        ("https://osv.example.test/all.zip (9 records)", 30, "all.zip (9 records), as of 23 Oct 2026."),
        ("a/b (9 records)", 31, "as of 22 Oct 2026. *Its newest is 31 days old: newer ones are not seen.*"),
        ("examples/advisories (18 records)", 0, "(18 records), as of 22 Nov 2026 – a sample for a first try."),
    ):
        data = AdvisoryData(source, NOW - timedelta(days=days))
        assert said in words(replace(CHECKED, report=replace(REPORT, advisories=data)))
    assert "no list of known vulnerabilities" in words(replace(CHECKED, report=replace(REPORT, advisories=None)))


def test_a_verdict_does_not_say_who_wanted_the_place() -> None:
    """Production is what counts where nobody named a place, so that nobody is said to have asked for it."""
    assert "Wanted: *production*." in words(CHECKED)
    reached = replace(REPORT, verdict=Verdict(Placement.PRODUCTION, Placement.PRODUCTION))
    assert "*That is the place that was wanted* (production)." in words(replace(CHECKED, report=reached))


@pytest.mark.parametrize(
    ("repository", "link"),
    [
        ("https://gitlab.com/acme/x.git", f"https://gitlab.com/acme/x/-/blob/{COMMIT}/src/api.py#L18"),
        ("https://git.example.test/acme/x", None),
        ("/home/ann/x", None),
    ],
)
def test_a_line_is_linked_where_it_can_be_opened(repository: str, link: str | None) -> None:
    """On hosts that we do not know, and for folders, the place is text."""
    news = replace(CHECKED, report=replace(REPORT, repository=repository))
    shown = render(news)
    assert isinstance(shown, Post)
    assert next(urls(shown.blocks), None) == link
    assert "src/api.py:18" in words(news)


def test_hidden_findings_are_counts_alone() -> None:
    """Where findings may not be read there is neither a place in the code, nor a message, nor the way to them."""
    said = words(replace(CHECKED, hide_findings=True))
    assert "1 fault, and 1 check that could not be looked at" in said
    for secret in ("src/api.py", "refund", "open-route", "nosec"):
        assert secret not in said
    assert set(buttons(replace(CHECKED, hide_findings=True))) == {"Check again"}


def test_an_unregistered_address_can_be_registered() -> None:
    """It says that nobody answers for it."""
    news = Checked("https://github.com/acme/x", "r1", REPORT, None, "U0MAX")
    assert "nobody answers for it" in words(news)
    assert buttons(news)["Register it"] == "register-app"


def test_a_card_says_that_nobody_accepted_it() -> None:
    """Until its owner accepts, the card says so in these words; then it does not."""
    asked = Owner("a1", Role.OWNER, "U0ANN", Acceptance.ASKED, "U0EVE", NOW)
    assert "Nobody has accepted this app." in words(replace(CARD, owners=(asked,)))
    assert "Nobody has accepted this app." in words(replace(CARD, owners=()))
    assert "Nobody has accepted this app." not in words(CARD)


def test_a_page_says_who_was_told_and_who_is_next() -> None:
    """Its log is in it; whoever was not reached is named with the reason."""
    news = Paged(PAGE, APP, None, STEPS[1], NOW + timedelta(minutes=5))
    said = words(news)
    assert "told <@U0ANN> (the owner)" in said
    assert "Next: <@U0BO> (the backup)" in said
    assert buttons(news) == {
        "Acknowledge": "acknowledge-page",
        "Resolve": "resolve-page",
        "Log": "show-page-log",
    }
    failed = replace(PAGE, told=(Told(0, "U0ANN", NOW, failed="the account is deactivated"),))
    assert "not reached, the account is deactivated" in words(Paged(failed, APP))


def test_a_page_is_answered_only_by_those_who_may() -> None:
    """Anybody else has its log alone; its data class and how often a channel was told stand there."""
    assert buttons(Paged(PAGE, APP, may_answer=False)) == {"Log": "show-page-log"}
    repeated = words(Paged(replace(PAGE, told=(Told(2, "C0RELIABILITY", NOW, 1),)), APP))
    assert "told <#C0RELIABILITY> (the reliability channel) again (2 times by now)" in repeated
    assert "Data: personal" in repeated


def test_an_answered_page_says_by_whom() -> None:
    """Nobody acknowledges twice: the button is gone, and who is on it stands there."""
    assert "<@U0BO> is on it" in words(Paged(ACKNOWLEDGED, APP))
    assert set(buttons(Paged(ACKNOWLEDGED, APP))) == {"Resolve", "Log"}


def test_a_regression_mentions_its_owner_until_it_is_closed() -> None:
    """The owner is called while it stands; the closed one calls nobody and has nothing to press."""
    assert "POST /refund can be called by anybody (src/api.py:18)\n (open-route)" in words(REGRESSED)
    assert "<@U0ANN>" in words(REGRESSED)
    closed = replace(REGRESSED, new=(), gone=REGRESSED.new, closed_at=NOW)
    assert "<@U0ANN>" not in words(closed)
    assert "mended" in words(closed)
    assert buttons(closed) == {}


def test_a_loss_of_sight_is_not_called_worse() -> None:
    """That something cannot be seen any more is announced as that."""
    said = words(replace(REGRESSED, new=(), lost=("open-route: the code host does not answer",)))
    assert "can no longer see everything" in said
    assert "got worse" not in said


def test_details_say_what_was_asked_in_plain_words() -> None:
    """The check's title with its id behind it; a pass is a fault not found, and advice is not marked as a fault."""
    titled = replace(OPEN_ROUTE, title="A route answers without a login", reason="app.js was not read")
    advice = replace(titled, check="no-codeowners", findings=(Finding("there is no CODEOWNERS file", blocking=False),))
    passed = replace(titled, check="debug-mode", outcome=Outcome.PASSED, findings=(), reason=None)
    shown = render(Details("billing-bot", replace(REPORT, results=(titled, advice, passed))))
    assert isinstance(shown, Form)
    sections = [block["text"]["text"] for block in shown.view["blocks"] if block["type"] == "section"]
    title = "*A route answers without a login*"
    assert f"\N{LARGE RED CIRCLE} Found: {title} (`open-route`)\napp.js was not read" in sections
    assert any(
        said.startswith(f"\N{ELECTRIC LIGHT BULB} Advice, which holds nothing back: {title} (`no-c")
        for said in sections
    )
    assert f"\N{LARGE GREEN CIRCLE} Not found: {title} (`debug-mode`)" in sections


def test_details_say_once_why_several_checks_could_not_look() -> None:
    """A reason that hides several checks stands once with all of them; what looked and found nothing is all there."""
    unseen = [
        replace(OPEN_ROUTE, check=f"unseen-{number}", outcome=Outcome.NOT_CHECKED, findings=(), reason="it is private")
        for number in range(6)
    ]
    passed = [replace(OPEN_ROUTE, check=f"passed-{n}", outcome=Outcome.PASSED, findings=()) for n in range(50)]
    shown = render(Details("billing-bot", replace(REPORT, results=(*unseen, *passed))))
    assert isinstance(shown, Form)
    said = "\n".join(block["text"]["text"] for block in shown.view["blocks"] if block["type"] == "section")
    assert said.count("it is private\n• ") == 1
    assert all(f"`{one.check}`" in said for one in (*unseen, *passed))


def test_a_long_prompt_is_whole_in_its_parts() -> None:
    """Nothing of a prompt is lost when it is cut into fields, and each part ends with a line where it can."""
    prompt = "".join(f"{number}. Put a login in front of this route\n" for number in range(400)) + "x" * 7000
    shown = render(FixPrompt("billing-bot", prompt))
    assert isinstance(shown, Form)
    parts = [block["element"]["initial_value"] for block in shown.view["blocks"] if block["type"] == "input"]
    assert "".join(parts) == prompt
    assert all(part.endswith("\n") for part in parts[:-4])


def test_a_prompt_is_cut_between_its_sections_and_never_within_a_sentence() -> None:
    """Each part begins with a section, a paragraph, entry or sentence; the fields say which of how many they are."""
    text = "Raise each package to at\nleast that version. " * 30
    sections = "".join(f"## {number}. Fault\n\n{text.strip()}\n\nFound here:\n- a.py:1: x\n\n" for number in range(5))
    shown = render(FixPrompt("billing-bot", f"Mend these.\n\n{sections}## 5. Long\n\n{text * 4}"))
    assert isinstance(shown, Form)
    fields = [block for block in shown.view["blocks"] if block["type"] == "input"]
    parts = [block["element"]["initial_value"] for block in fields]
    assert [part.split("\n")[0][:13] for part in parts] == [
        "Mend these.",
        "## 2. Fault",
        "## 4. Fault",
        "## 5. Long",
        "Raise each pa",
    ]
    assert [block["label"]["text"] for block in fields] == [f"Part {number} of 5" for number in range(1, 6)]
    assert not any(block["optional"] for block in fields)


def test_what_only_who_asked_sees_stays_true() -> None:
    """It cannot be edited once the check has ended: it says what was asked, when, and where the verdict comes."""
    said = words(CheckStarted(CheckRequest("q1", APP.repository, "U0MAX", NOW), "billing-bot", "in its thread"))
    assert "You asked for a check of *billing-bot*, <!date" in said
    assert "The verdict comes in its thread." in said
    assert "hourglass" not in said


def test_said_offers_what_to_type() -> None:
    """What was meant, and an example to copy."""
    said = words(Said("There is no such app.", "/apps all", ("billing-bot", "billing-web")))
    assert "Did you mean `billing-bot` or `billing-web`?" in said
    assert "`/apps all`" in said


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ((), "<@U0EVE> registered it, and nobody answers for it yet."),
        (("U0EVE",), "<@U0EVE> registered it and answers for it."),
        (("U0ANN",), "<@U0EVE> registered it; <@U0ANN> answers for it."),
        (("U0ANN", "U0BO"), "<@U0EVE> registered it; <@U0ANN> and <@U0BO> answer for it."),
    ],
)
def test_a_request_says_who_stands_behind_the_app(people: tuple[str, ...], says: str) -> None:
    """An admin reads who registered it and who answers for it, each once."""
    assert says in words(ProbeAsked(PROBE, replace(APP, registered_by="U0EVE"), people))


def test_whoever_is_asked_to_back_up_an_app_is_not_asked_to_own_it() -> None:
    """The answer to a registration says who is asked for what."""
    backup = replace(OWNER, role=Role.BACKUP, person="U0BO")
    said = words(Registered(replace(CARD, owners=(OWNER, backup)), ("U0ANN", "U0BO")))
    assert "I have asked <@U0ANN> to take it on and <@U0BO> to be its backup." in said


def test_a_time_in_a_note_is_one_of_its_reader() -> None:
    """Like the times beside it; nothing else that looks like Slack's markup is let through."""
    noted = replace(PAGE, notes=(f"open again since {for_reader(NOW)} <!channel>",))
    shown = render(Paged(noted, APP))
    assert isinstance(shown, Post)
    said = [block["elements"][0]["text"] for block in shown.blocks if block["type"] == "context"]
    assert f"open again since {when(NOW)} &lt;!channel&gt;" in said


def test_an_app_whose_code_is_out_of_sight_is_not_called_unchecked() -> None:
    """Card and list say since when; beside a verdict of before it is said in small print."""
    never = words(replace(CARD, last=None, unseen_since=NOW))
    assert f"could not be checked ({when(NOW)}): see its thread" in never
    assert f"Its code is out of sight since {when(NOW)}: see its thread" in words(replace(CARD, unseen_since=NOW))
    row = AppRow(APP, None, accepted=False, verdict=None, checked_at=None, open_pages=0)
    assert "not checked yet" in words(AppList("All apps", (row,), 1))
    assert f"could not be checked, {when(NOW)}" in words(AppList("All apps", (replace(row, unseen_since=NOW),), 1))
