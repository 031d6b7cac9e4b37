"""Parts are cached under a name that changes with everything they depend on, and read once for all who want them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from checks import collect, same_value
from checks.collect import Collected, Goal, collector_key
from checks.fact import Collector, Entry, Listing, all_sources
from checks.wire import Blob, Job, Phase, Read, Reading, Wanted


class Parent:
    """Gives blobs from memory and notes what is asked."""

    def __init__(self, blobs: dict[str, bytes]) -> None:
        self.blobs = blobs
        self.read: list[str] = []
        self.kept: dict[tuple[str, str, str], bytes] = {}

    def say(self, message: Phase | Read) -> None:
        """Keep the parts of the blob read last."""
        if isinstance(message, Read):
            self.kept.update({(key, self.read[-1], kind): part for key, kind, part in message.parts})

    def parts(self, keys: Wanted) -> list[bytes | None]:
        """Give what was kept before."""
        return [self.kept.get(key) for key in keys.keys]

    def blob(self, reading: Reading) -> Blob:
        """Give a blob and note it."""
        self.read.append(reading.oid)
        return Blob(self.blobs[reading.oid])


class Words:
    """A fact of these tests."""


class Letters:
    """Another fact of these tests."""


def broken(_text: str, _kind: str) -> str:
    """Fail on every text."""
    raise RecursionError("never told")


def collector(fact: type, read: object = None, largest: int = 1000) -> Collector:
    """Return a collector of the text of .py files."""
    return Collector(
        fact,
        str,
        lambda path: "python" if path.endswith(".py") else None,
        read or (lambda text, _kind: text),  # type: ignore[arg-type]  # what the tests give is a read
        lambda parts, _listing: parts,
        largest=largest,
    )


def collected(collectors: Sequence[Collector], listing: Listing, job: Job, parent: Parent, *goals: Goal) -> Collected:
    """Return what *collectors* take from *listing*, whose *goals* are reached meanwhile."""
    done = Collected(goals=goals)
    collect.collect(collectors, listing, job, parent, done)
    return done


LISTING = Listing((Entry("a.py", "1", 2), Entry("copy/a.py", "1", 2), Entry("b.py", "2", 2), Entry("c.txt", "3", 2)))
BLOBS = {"1": b"aa", "2": b"bb", "3": b"cc"}
JOB = Job({}, {}, 1000)


def test_a_blob_is_read_once_for_all_paths_and_all_collectors() -> None:
    """One pass over a blob serves every collector and every path that holds it; what nobody wants is not read."""
    parent = Parent(BLOBS)
    done = collected([collector(Words), collector(Letters)], LISTING, JOB, parent)
    assert parent.read == ["1", "2"]
    assert done.parts[Words] == done.parts[Letters] == {"a.py": "aa", "copy/a.py": "aa", "b.py": "bb"}


def test_what_a_goal_waits_for_is_read_first() -> None:
    """A goal is reached as soon as its own files are read, before the others; one that wants nothing, at once."""
    told: list[str] = []
    parent = Parent(BLOBS)
    few = replace(collector(Letters), kind_of=lambda path: "text" if path == "b.py" else None)
    goals: tuple[Goal, ...] = (
        (frozenset({Words, Letters}), lambda: told.append(f"all after {parent.read}")),
        (frozenset({Letters}), lambda: told.append(f"few after {parent.read}")),
        (frozenset(), lambda: told.append(f"none after {parent.read}")),
    )
    collected([collector(Words), few], LISTING, JOB, parent, *goals)
    assert told == ["none after []", "few after ['2']", "all after ['2', '1']"]


def test_a_cached_part_is_not_read_again() -> None:
    """The second time nothing is read, and the parts are the same."""
    parent = Parent(BLOBS)
    first = collected([collector(Words)], LISTING, JOB, parent)
    parent.read.clear()
    assert collected([collector(Words)], LISTING, JOB, parent).parts == first.parts
    assert parent.read == []


def test_one_collectors_fault_costs_that_collector_alone() -> None:
    """Where one collector fails on a file, the file is named for it, without what the error says."""
    done = collected([collector(Words, broken), collector(Letters)], LISTING, JOB, Parent(BLOBS))
    assert done.parts[Letters]["a.py"] == "aa"
    assert done.unread[Words][0].startswith("a.py was not read: error RecursionError-")
    assert "never told" not in str(done.unread)
    assert Letters not in done.unread


def test_what_is_skipped_too_large_or_beyond_the_budget_is_named() -> None:
    """A blob that ended a worker, one above the collector's size, and those beyond the budget are told with why."""
    skipping = collected([collector(Words)], LISTING, Job({}, {}, 1000, skipped={"1": "it is bad"}), Parent(BLOBS))
    assert skipping.unread[Words] == ("a.py was not read: it is bad",)
    small = collected([collector(Words, largest=1)], LISTING, JOB, Parent(BLOBS))
    assert small.unread[Words][0] == "a.py is larger than 0 KiB"
    poor = collected([collector(Words)], LISTING, Job({}, {}, 3), Parent(BLOBS))
    assert poor.unread[Words] == ("b.py was not read: beyond the limit of 0 MiB read in one check",)


def test_source_that_is_no_text_hides_nothing() -> None:
    """A file that is named like source and is no text is told as not read; a picture is not."""
    blobs = {"1": bytes(range(256)) * 4, "2": b"bb", "3": b"cc"}
    done = collected([collector(Words)], LISTING, JOB, Parent(blobs))
    assert done.unread[Words] == ("a.py was not read: it is not text",)


@pytest.mark.parametrize("name", [".env", "settings.toml", "Dockerfile", "requirements.txt"])
def test_what_is_named_like_text_and_is_none_is_told(name: str) -> None:
    """Any wanted file that is no text is told as not read; one that is named like a binary form is not."""
    everything = replace(collector(Words), kind_of=lambda _path: "text")
    listing = Listing((Entry(name, "1", 2), Entry("images/a.png", "1", 2), Entry("b.sqlite", "1", 2)))
    done = collected([everything], listing, JOB, Parent({"1": bytes(range(256)) * 4}))
    assert done.unread[Words] == (f"{name} was not read: it is not text",)


@pytest.fixture
def fresh_keys() -> Iterator[None]:
    """Forget the keys worked out before and after."""
    collector_key.cache_clear()
    yield
    collector_key.cache_clear()
    same_value.set_key(None)


def real_collectors() -> dict[str, Collector]:
    """Return every collector of the product by its fact's name."""
    return {source.fact.__name__: source for source in all_sources().values() if isinstance(source, Collector)}


def test_a_key_changes_with_every_module_that_a_part_depends_on(
    fresh_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a module that a collector imports changes, at any depth, its old parts are not found any more."""
    before = {name: collector_key(one) for name, one in real_collectors().items()}
    source = collect._source
    monkeypatch.setattr(collect, "_source", lambda name: source(name) + b"#" * (name == "checks.facts.code.syntax"))
    collector_key.cache_clear()
    after = {name: collector_key(one) for name, one in real_collectors().items()}
    changed = {name for name in before if before[name] != after[name]}
    assert "Routes" in changed
    assert changed == {
        name
        for name, one in real_collectors().items()
        if "checks.facts.code.syntax" in collect._own_modules(one.read.__module__)
    }


def test_a_key_changes_with_the_key_of_digests(fresh_keys: None) -> None:
    """Parts hold keyed digests, so another key finds none of the old ones, and no key tells itself."""
    keys = set()
    for key in (None, b"one", b"two"):
        same_value.set_key(key)
        collector_key.cache_clear()
        keys.add(collector_key(real_collectors()["SecretCandidates"]))
    assert len(keys) == 3


def test_every_collector_can_be_named() -> None:
    """Every collector of the product has a cache key of its own."""
    keys = [collector_key(one) for one in real_collectors().values()]
    assert len(set(keys)) == len(keys) > 5
