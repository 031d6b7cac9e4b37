"""What messages are called in the log and before people."""

from dataclasses import replace

from bot.message_words import WORDS, about, what, where
from commands.news import KINDS
from storage.model import Destination, Message
from tests.world import MONDAY

MESSAGE = Message(1, "t", "k", Destination(person="U0BO"), "Paged", {}, urgent=False, made_at=MONDAY, due_at=MONDAY)


def test_every_message_has_words() -> None:
    """No name of a type stands before people, and no word is left of a type that is gone."""
    assert set(WORDS) == set(KINDS)
    assert what(MESSAGE) == "a page"


def test_a_line_names_the_page_and_the_app() -> None:
    """By the row's own page, by what it says, and nothing where it is about none."""
    assert about(replace(MESSAGE, told=("p1", 0), news={"app": {"name": "billing"}})) == {
        "page": "p1",
        "app": "billing",
    }
    assert about(replace(MESSAGE, news={"page": {"id": "p2"}, "app": None})) == {"page": "p2", "app": ""}
    assert about(MESSAGE) == {"page": "", "app": ""}


def test_places_are_told_in_words() -> None:
    """As marks from which names are made, and never as the outbox names them."""
    assert where(Destination(person="U0BO")) == "to <@U0BO>"
    assert where(Destination(channel="C0APPS")) == "to <#C0APPS>"
    assert where(Destination(person="U0BO", route="email", address="bo@example.test")) == "by e-mail"
    assert where(Destination(app_id="a1")) == "into the thread of its app"
