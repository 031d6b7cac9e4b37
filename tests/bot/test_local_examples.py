"""The apps of a first try: repositories of their own under the home, offered in an order that makes sense."""

import tomllib
from pathlib import Path

from bot.local_examples import APPS, EXAMPLES, prepare
from tests.repositories import revision


def test_each_example_becomes_a_repository_once(tmp_path: Path) -> None:
    """A second start changes nothing that was committed since the first, and offers the same."""
    offers = prepare(tmp_path)
    folders = sorted(path.name for path in (tmp_path / "examples").iterdir())
    assert folders == sorted(APPS)
    first = {name: revision(tmp_path / "examples" / name) for name in folders}
    (tmp_path / "examples" / folders[0] / "NEW").write_text("mine")
    assert prepare(tmp_path) == offers
    assert {name: revision(tmp_path / "examples" / name) for name in folders} == first
    assert (tmp_path / "examples" / folders[0] / "NEW").exists()


def test_the_offers_tell_a_story(tmp_path: Path) -> None:
    """The app with faults of nearly every kind is registered and paged for, and what is no app is never offered."""
    folder = tmp_path / "examples"
    assert [offer.command for offer in prepare(tmp_path)] == [
        f"/register-app refund-desk {folder}/refund-desk @ann --backup @bo --channel #apps",
        "/page-owner refund-desk refunds are sent twice",
        "/apps all",
        f"/check-app {folder}/team-lunch",
        f"/check-app {folder}/sound-notes",
    ]


def test_every_planted_app_is_offered() -> None:
    """An app whose planted faults are listed comes with Groundcrew to be tried; a new one is not forgotten here."""
    planted = tomllib.loads((EXAMPLES / "planted.toml").read_text("utf-8"))
    assert set(planted) <= set(APPS) <= {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
