"""What is made from the code is as the code is."""

import pytest

from docs.generate import ROOT, generated, orphans

PAGES = generated()


@pytest.mark.parametrize("path", PAGES)
def test_a_made_page_is_current(path: str) -> None:
    """The page in the checkout is what the code makes of it; `make docs` brings it up to date."""
    page = ROOT / path
    assert page.is_file(), f"{path} is missing: run `make docs`"
    assert page.read_text(encoding="utf-8") == PAGES[path], f"{path} is stale: run `make docs`"


def test_no_made_page_is_left_over() -> None:
    """A page of a check or command that is gone is gone too."""
    assert orphans() == []


def test_every_check_has_a_page() -> None:
    """There is a page for each check and a row for it in the index."""
    from_index = [line for line in PAGES["docs/checks/README.md"].splitlines() if line.startswith("| [")]
    assert len(from_index) == len([path for path in PAGES if path.startswith("docs/checks/")]) - 1
