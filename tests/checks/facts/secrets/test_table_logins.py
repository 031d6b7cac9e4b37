"""Which cells of a table are taken for passwords."""

from __future__ import annotations

from checks.facts.secrets.table_logins import logins_in, told_in_tables


def test_a_column_that_is_named_for_passwords_is_read_alone() -> None:
    """With a heading, only its column counts, whatever else looks like a password."""
    text = "email,note,password\na@shop.com,Room!42x,sunshine\n"
    assert [text[each.offset :][:8] for each in logins_in(text)] == ["sunshine"]


def test_without_a_heading_a_cell_must_look_like_a_password() -> None:
    """Names, numbers, dates and files beside an address are none; hashes are told elsewhere."""
    text = "a@shop.com,Ana Lang,2024-01-02,42,photo1.png,$2b$10$abc!1\nb@shop.com,testpass!,x\n"
    assert [each.value for each in logins_in(text)] == ["testpass!"]


def test_a_table_without_addresses_tells_no_password() -> None:
    """A list of words and marks is no list of accounts."""
    assert not list(logins_in("pass!word1,x\nsecret!2,y\n"))


def test_a_column_of_a_readme_is_read_to_the_end_of_its_table() -> None:
    """A table in Markdown ends with the first line that is no row."""
    text = "| User | Password |\n|---|---|\n| ana | Mgr#2024 |\n| ben | `Day-9999` |\n\n| x | Not#1234 |\n"
    assert [each.value for each in told_in_tables(text)] == ["Mgr#2024", "Day-9999"]
