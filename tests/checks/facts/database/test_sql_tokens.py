"""SQL cut into statements, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.database.sql_reading import read_sql
from checks.facts.database.sql_tokens import script_of


def words(text: str) -> list[list[str]]:
    """The statements of *text* as lists of their tokens' texts."""
    return [[token.text for token in statement] for statement in script_of(text).statements]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("select 1; -- a; b\nselect 2", [["select", "1"], ["select", "2"]]),
        ("/* a /* nested; */ still; */ select 1;", [["select", "1"]]),
        ("select 'it''s; fine';", [["select", "it's; fine"]]),
        (r"select E'it\'s; fine', 2;", [["select", "it's; fine".replace("'", r"\'"), ",", "2"]]),
        ("do $$ begin; end $$; select 1", [["do", " begin; end "], ["select", "1"]]),
        ("do $a$ x $$ ; $$ y $a$;", [["do", " x $$ ; $$ y "]]),
        ('select "Odd; ""Name""";', [["select", 'Odd; "Name"']]),
        ("\\connect app\nselect 1;", [["select", "1"]]),
        ("select 'never closed; ", [["select", "never closed; "]]),
        ("do $x$ never closed;", [["do", " never closed;"]]),
        ("/* never closed; select 1;", []),
        ("COPY t FROM stdin;\n1\tit's; $$\n\\.\nselect 1;", [["copy", "t", "from", "stdin"], ["select", "1"]]),
    ],
)
def test_a_statement_ends_where_postgres_ends_it(text: str, statements: list[list[str]]) -> None:
    """A semicolon within a comment, a string, a body or data ends nothing; what is never closed ends with the text."""
    assert words(text) == statements


def test_a_line_is_that_of_the_file() -> None:
    """A token knows its line, also within a body that is read on its own."""
    script = script_of("select 1;\n\nselect\n  2;")
    assert [token.line for token in script.statements[1]] == [3, 4]
    part = read_sql("-- x\ndo $$\nbegin\n  execute 'alter table a enable row level security';\nend $$;\n")
    assert part is not None
    assert [(step.do, step.name, step.line) for step in part.steps] == [("rls", "a", 4)]


_WORDS = (
    "( ) , ; ' $$ $a$ -- /* */ do execute create table policy alter on using grant revoke all to anon function as view "
    "select from insert into storage.buckets values true x . || %I E' trigger copy stdin is row"
)
_PIECES = [*_WORDS.split(), "\\", '"', "\n"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=60))
def test_no_text_ends_the_reading(pieces: list[str]) -> None:
    """Whatever order the pieces of SQL come in, reading them raises nothing."""
    read_sql(" ".join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "'" * 200_001,
        '"' * 200_001,
        "$a$" * 50_001,
        "/*" * 100_000,
        "(" * 200_000,
        "create policy p on t using (" + "(" * 50_000 + "true" + ")" * 50_000 + ");",
        "create policy p on t using (" + "a or " * 50_000 + "b);",
        "create table t (" + "a text, " * 50_000 + "b text);",
        "do $$ begin " + "execute 'do $x$ begin execute ''select 1''; end $x$'; " * 2_000 + " end $$;",
        "E'" + "\\" * 300_000,
        "insert into storage.buckets (id, public) values " + "('a', true)," * 50_000,
    ],
)
def test_a_hostile_file_is_read_to_its_end(text: str) -> None:
    """Deep, long and unclosed texts are read like others; the suite's own limit on time is the bound."""
    part = read_sql(text)
    assert part is None or len(part.steps) <= 20_000


def test_a_file_with_too_many_tokens_says_so() -> None:
    """A file that is read in part is not whole, so that no check passes on it."""
    part = read_sql("create table t (a text);\n" + ("a " * 700_000))
    assert part is not None
    assert not part.whole
