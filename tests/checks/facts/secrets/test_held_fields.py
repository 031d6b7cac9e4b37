"""Which objects are said to hold a secret, where, and how surely."""

from __future__ import annotations

import pytest

from checks.facts.secrets.held_fields import HeldFields

EVERYWHERE = (0, 1000)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("sent = {'Password': self.password}\n", True),
        ("const body = await req.json();\nconst { password } = body;\n", True),
        ("if (sent.apiKey) use(sent);\n", False),
    ],
)
def test_an_object_holds_what_is_put_into_it_or_read_from_it(text: str, sure: bool) -> None:
    """A password that was put there, or came with the request, is sure; a field that is only read is likely."""
    field = HeldFields(text).of("body" if "body" in text else "sent", *EVERYWHERE)
    assert field is not None
    assert field.sure is sure


@pytest.mark.parametrize(
    "text",
    [
        "sent = {'password': '***', 'name': name}\n",
        "const sent = { password: !!typed };\n",
        "sent = {'password': typed}\ndel sent['password']\n",
        "const other = { password: typed };\n",
    ],
)
def test_an_object_holds_nothing_that_is_hidden_or_taken_out(text: str) -> None:
    """A mask, whether there is a value, a field that is deleted, and another object's field are no secrets of it."""
    assert HeldFields(text).of("sent", *EVERYWHERE) is None


def test_a_field_counts_in_its_own_lines_alone() -> None:
    """What another function puts into an object of the same name says nothing."""
    assert HeldFields("\n" * 50 + "sent = {'password': typed}\n").of("sent", 0, 10) is None
