"""Where a repository asks scanners to look away is listed, and nothing makes the listing slow."""

import pytest

from checks.example import facts_of
from checks.facts.suppressions import Suppressions, read


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # pragma: allowlist secret",
        "x = 1  # pragma: whitelist nextline secret",
        "x = 1  #nosec",
        "x = 1  # noqa: S105",
        "const x = 1; // gitleaks:allow",
        "const x = 1; // nosemgrep: javascript.eval",
        "/* eslint-disable security/detect-eval */",
        "key: x  # trufflehog:ignore",
    ],
)
def test_a_comment_that_asks_to_look_away_is_told_with_its_line(line: str) -> None:
    """Every usual comment of this kind is found at its line."""
    (found,) = facts_of({"app.py": f"\n{line}\n"}).get(Suppressions).value.suppressed
    assert found.startswith("app.py:2 (")


def test_the_whole_rule_is_named() -> None:
    """What a comment hides from is told in full."""
    (found,) = facts_of({"app.py": "x = 1  # noqa: S311\n"}).get(Suppressions).value.suppressed
    assert found == "app.py:1 (noqa: S311)"


def test_plain_code_asks_nothing() -> None:
    """Other comments, and copies of other people's code, are not told."""
    files = {"app.py": "x = 1  # noqa: E501\n# no secrets here\n", "node_modules/a/index.js": "// gitleaks:allow\n"}
    assert facts_of(files).get(Suppressions).value.suppressed == ()


def test_too_many_places_are_counted() -> None:
    """A report tells a hundred places and how many more there are."""
    files = {f"app{number}.py": "# nosec\n" * 60 for number in range(3)}
    told = facts_of(files).get(Suppressions).value.suppressed
    assert (len(told), told[-1]) == (101, "and 80 more")


@pytest.mark.parametrize(
    "text", ["eslint-disable" + " " * 200_000, "# " * 100_000, "codeql[" * 50_000, "noqa: " * 50_000]
)
def test_no_text_makes_it_slow(text: str) -> None:
    """Blanks and openings without end cost no more than their length: this would take hours if they did."""
    assert read(text, "lines") is None
