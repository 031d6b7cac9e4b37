"""What is told people and what is an address that opens something, on plain and on hostile text."""

from __future__ import annotations

from contextlib import suppress

import pytest

from checks.fact import Unreadable
from checks.facts.secrets import log_calls
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import secrets_in
from checks.facts.secrets.capability_addresses import capabilities_in
from checks.facts.secrets.credential_files import urls_in
from checks.facts.secrets.shown_logins import shown_in


@pytest.mark.parametrize("password", ["&k@9w&%!tB", "Pa$$9w!x", "2024Secure!x"])
def test_a_password_in_an_address_may_hold_any_character(password: str) -> None:
    """The password goes up to the last @ before the host."""
    (found,) = urls_in(f'x = "postgresql://postgres.abcd:{password}@db.acme.io:5432/app"')
    assert (found.value, found.strength) == (password, Strength.LIKELY)


@pytest.mark.parametrize(
    "url", ["postgresql://u:${PASSWORD}@db.acme.io/a", "postgresql://u:{password}@db.acme.io/a", "http://x:8080@a.io"]
)
def test_a_password_that_is_put_in_later_is_none(url: str) -> None:
    """A reference, a field of a template and a port are no passwords."""
    assert not list(urls_in(f'x = "{url}"'))


@pytest.mark.parametrize(
    "text",
    [
        "<label>Password:</label>\n<input type='password' />\n<button>Sign in</button>",
        "const rules = { password: z.string().min(8), confirm: user1 };",
        "# password: sha256 of what the user typed",
        "<p>{user.email} / {user.name}</p>",
        "git clone git@github.com:acme/app2.git",
    ],
)
def test_what_only_speaks_of_passwords_is_none(text: str) -> None:
    """Fields of a form, rules and methods are not told."""
    assert not list(shown_in(text, "code"))


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.googleapis.com/maps/api/js?key=your_key_goes_in_here",
        "https://calendar.google.com/calendar/ical/x%40group.calendar.google.com/public/basic.ics",
        "https://hook.eu1.make.com/your-webhook-id-goes-here-please",
    ],
)
def test_public_addresses_and_placeholders_are_none(text: str) -> None:
    """What is published for everybody, or is to be filled in, opens nothing."""
    assert not [each for each in capabilities_in(text) if each.strength is Strength.LIKELY]


@pytest.mark.parametrize(
    "unit",
    ["password: ", "password:<a> ", "# password: ", "a@b.c / ", "://a?key=", "postgres://u:p@", 'a = "{', "crypt('"],
)
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    """A long line made of one piece gives an answer, and a bounded one."""
    text = unit * (50_000 // len(unit))
    assert len(secrets_in(text, "code")) <= 1
    with suppress(Unreadable):  # what is mostly no JavaScript is not parsed
        assert log_calls.read(text, "javascript") is None


@pytest.mark.parametrize(
    ("host", "strength"),
    [
        ("db.kqzwvtrplmnsxjyhgfdc.supabase.co", Strength.CERTAIN),
        ("cluster0.k3x9q.mongodb.net", Strength.CERTAIN),
        ("orders.c9kz2mxw7qpl.eu-central-1.rds.amazonaws.com", Strength.CERTAIN),
        ("cluster0.mongodb.net", Strength.POSSIBLE),
        ("shop.cluster0.mongodb.net", Strength.LIKELY),
        ("db.abcdefghijklmnopqrst.supabase.co", Strength.LIKELY),
        ("db.acme.io", Strength.LIKELY),
    ],
)
def test_a_password_of_a_managed_instance_is_a_live_one(host: str, strength: Strength) -> None:
    """A host that one customer's database has been given answers the whole internet; names of instructions are none."""
    (found,) = urls_in(f'x = "postgresql://owner:t7Kq9wTz4mVb2XsL@{host}/app"')
    assert found.strength is strength
