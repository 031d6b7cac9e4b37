"""The apps of a first try: repositories of their own under the home, offered in an order that makes sense."""

from pathlib import Path

from bot.local_examples import EXAMPLES, prepare
from tests.repositories import revision


def test_each_example_becomes_a_repository_once(tmp_path: Path) -> None:
    """A second start changes nothing that was committed since the first, and offers the same."""
    offers = prepare(tmp_path)
    folders = sorted(path.name for path in (tmp_path / "examples").iterdir())
    assert folders == sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "advisories")
    first = {name: revision(tmp_path / "examples" / name) for name in folders}
    (tmp_path / "examples" / folders[0] / "NEW").write_text("mine")
    assert prepare(tmp_path) == offers
    assert {name: revision(tmp_path / "examples" / name) for name in folders} == first
    assert (tmp_path / "examples" / folders[0] / "NEW").exists()


def test_the_offers_tell_a_story(tmp_path: Path) -> None:
    """Register comes first, and every offer is a slash command of the bot."""
    offers = prepare(tmp_path)
    assert offers[0].command.startswith("/register-app")
    assert {offer.command.split(" ")[0] for offer in offers} <= {"/register-app", "/check-app", "/page-owner", "/apps"}
