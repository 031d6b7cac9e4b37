"""The fact cache keeps parts by collector, blob and kind; it is a cache and no more."""

import sqlite3
from pathlib import Path

import pytest

from checks.shelf import Key, shelf

KEY: Key = ("checks.facts.routes.routes abc", "1" * 40, "python")


def test_parts_are_found_in_the_order_asked(tmp_path: Path) -> None:
    """What was kept is found by its whole key, in the order asked, in the next process too."""
    other: Key = (KEY[0], KEY[1], "javascript")
    with shelf(tmp_path) as cache:
        cache.keep([(KEY, b"part")])
    with shelf(tmp_path) as cache:
        assert cache.find([other, KEY]) == [None, b"part"]


def test_a_damaged_file_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that is no database any more is thrown away, and the cache works."""
    (tmp_path / "shelf.sqlite").write_bytes(b"not a database at all, not even nearly" * 100)
    with shelf(tmp_path) as cache:
        cache.keep([(KEY, b"part")])
        assert cache.find([KEY]) == [b"part"]
    assert "damaged" in caplog.text


def test_without_a_file_the_cache_lives_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where no file can be opened, parts are kept for this one check."""
    with shelf(tmp_path / "not" / "there") as cache:
        cache.keep([(KEY, b"part")])
        assert cache.find([KEY]) == [b"part"]
    assert "nothing is kept" in caplog.text


def test_parts_that_nobody_asks_for_are_forgotten(tmp_path: Path) -> None:
    """A part not asked for in a month goes; one that was asked for stays."""
    old: Key = (KEY[0], "2" * 40, "python")
    with shelf(tmp_path) as cache:
        cache.keep([(KEY, b"part"), (old, b"old")])
    with sqlite3.connect(tmp_path / "shelf.sqlite") as connection:
        connection.execute("update part set day = day - 40")
    connection.close()
    with shelf(tmp_path) as cache:
        assert cache.find([KEY]) == [b"part"]
        cache.prune()
        assert cache.find([KEY, old]) == [b"part", None]


def test_two_checks_share_one_file(tmp_path: Path) -> None:
    """Two processes' caches over one file see each other's parts and do not wait for each other."""
    with shelf(tmp_path) as one, shelf(tmp_path) as other:
        one.keep([(KEY, b"one")])
        assert other.find([KEY]) == [b"one"]
        other.keep([(KEY, b"other")])
        assert one.find([KEY]) == [b"other"]


def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    """The file is its owner's alone."""
    with shelf(tmp_path) as cache:
        cache.keep([(KEY, b"part")])
    assert (tmp_path / "shelf.sqlite").stat().st_mode & 0o077 == 0
