"""Whatever is put into a view, Slack takes it, and nothing in it mentions or links what we did not mean."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import VIEWS, render
from bot.views import home
from bot.views.block_kit import Form
from bot.views.text import clean, esc, linked
from commands.command import Command
from commands.news import KINDS, AppList
from tests.bot.views.samples import EVERY
from tests.bot.views.slack_judges import faults, urls
from workspace.blocks import check_view

HOSTILE = (
    "<!channel>", "<!here|you>", "<@U9EVIL>", "<#C9EVIL>", "<https://evil.example|click>", "https://evil.example/x",
    "& < > &amp; &lt;!channel&gt;", "`code`", "*bold* _it_ ~no~", "\u202etxet\u202c", "a\u200bb", "\x00\x07",
    "\ud800", "line\nline\r\nline\u2028line", "```", ">quote", ":smile:", "&" * 5000, "<" * 5000, "x" * 100_000,
    "", " ", "\N{PILE OF POO}" * 400, "@channel", "mailto:a@b.example", "javascript:alert(1)",
)  # fmt: skip
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=200)
#: Fields that hold ids of our own or of Slack, or words of ours, which no outsider writes.
IDS = {
    "id",
    "key",
    "person",
    "asked_by",
    "registered_by",
    "owner",
    "by",
    "target",
    "channel",
    "thread",
    "thread_channel",
    "acknowledged_by",
    "resolved_by",
    "app_id",
    "report_id",
    "role",
    "asked",
    "asked_in",
    "commit",
    "revision",
    "stage",
    "where",
    "fingerprint",
}


def spoiled(data: st.DataObject, value: Any, name: str = "") -> Any:
    """*value* with each text that outsiders write drawn anew, and each list of texts made long at times."""
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: spoiled(data, getattr(value, one.name), one.name) for one in fields(value)}
        return replace(value, **changed)
    if isinstance(value, tuple):
        whole = tuple(spoiled(data, one, name) for one in value)
        return whole * data.draw(st.sampled_from([1, 1, 60])) if name != "steps" else whole
    if isinstance(value, dict):
        return {key: one if key in {"data", "owner"} else spoiled(data, one, key) for key, one in value.items()}
    if type(value) is str and name not in IDS:
        return data.draw(TEXT)
    return value


@pytest.mark.parametrize("news", EVERY, ids=lambda news: type(news).__name__)
def test_every_view_is_taken_by_slack(news: Any) -> None:
    """Slack takes each view as it stands."""
    assert faults(render(news)) == []


def test_every_kind_of_news_has_a_view_and_a_sample() -> None:
    """There is exactly one view for each kind of news, and a sample of each is tested here."""
    assert set(VIEWS) == set(KINDS.values()) == {type(news) for news in EVERY}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("news", EVERY, ids=lambda news: type(news).__name__)
def test_hostile_and_huge_texts_stay_texts(news: Any, data: st.DataObject) -> None:
    """Whatever outsiders write, the view keeps Slack's limits and has no mention and no link of theirs."""
    shown = render(spoiled(data, news))
    assert faults(shown) == []
    tree = shown.view if isinstance(shown, Form) else shown.blocks
    assert all(url.startswith("https://github.com/acme/") for url in urls(tree))


@given(text=TEXT, most=st.integers(min_value=10, max_value=400))
def test_escaped_text_is_one_short_harmless_line(text: str, most: int) -> None:
    """Escaped text has no mark, no line break, nothing unseen, and no more than the characters allowed."""
    escaped = esc(text, most)
    assert len(escaped) <= most
    assert not set(escaped) & set("<>`\n\r\x00\u202e\u200b\u2028\ud800")
    assert len(clean(text, most)) <= most


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    """A character that reorders or hides text is written out, so that a reader sees that it is there."""
    assert esc("safe\u202etxt.exe") == "safe\\u202etxt.exe"


def test_what_others_write_is_never_bold_slanted_or_struck() -> None:
    """The signs for it are shown by look-alikes, but within words, names and addresses, where they do nothing."""
    assert not set(esc("*bold* _it_ ~no~ <b>*x*</b> __init__")) & set("*_~")
    assert esc("my_app-2*3~4") == "my_app-2*3~4"
    assert esc("letters, - _ . and * so ~ on") == "letters, - _ . and * so ~ on"
    assert linked("*see* https://github.com/acme/_x_*") == "∗see∗ <https://github.com/acme/_x_*>"


def test_the_home_tab_is_taken_by_slack() -> None:
    """The Home tab keeps Slack's limits, with many apps and for people who may not use the bot."""
    apps = next(news for news in EVERY if isinstance(news, AppList))
    commands = [Command(f"c{n}", run=None, slash=f"c{n}", usage="NAME", summary="Does it") for n in range(5)]  # type: ignore[arg-type]
    for shown in (replace(apps, rows=apps.rows * 100), None):
        check_view(home.view(shown, commands), "home")
