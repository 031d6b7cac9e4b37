"""Which file stands for a whole repository."""

from __future__ import annotations

import pytest

from checks.front_page import front_page


@pytest.mark.parametrize(
    ("paths", "first"),
    [
        (["src/README.md", "README.md", "package.json"], "README.md"),
        (["app.py", "package.json", "src/a.ts"], "package.json"),
        (["src/a.py", ".github/workflows/ci.yml"], ".github/workflows/ci.yml"),
        (["src/a.py", "main.py"], "main.py"),
        (["src/deep/a.py"], "src/deep/a.py"),
        ([], None),
    ],
)
def test_what_people_open_first_stands_for_the_whole(paths: list[str], first: str | None) -> None:
    """The README, else a manifest, else a workflow, else whatever file there is."""
    assert front_page(paths) == first
