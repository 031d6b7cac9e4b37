"""The local index: built whole or not at all, from whatever form the records come in, and asked by name."""

import gzip
import json
import os
import stat
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.fact import Missing
from checks.facts.packages.advisory import Answer
from checks.gather.advisories import NAME, answer, describe, holdings, staleness
from checks.gather.advisories_update import build
from checks.gather.osv_source import UnusableSource

SAMPLE = Path(__file__).resolve().parents[3] / "examples" / "advisories"


def record(identifier: str, name: str, ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    """Return an OSV record that says every version of *name* below 2.0 is affected."""
    return {
        "id": identifier,
        "modified": "2026-03-01T10:00:00.123Z",
        "summary": "a fault",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
            }
        ],
        **more,
    }


async def asked(home: Path, *pairs: tuple[str, str]) -> Answer:
    """Return what the index of *home* answers about *pairs*."""
    return msgspec.json.decode(await answer(home, msgspec.json.encode(pairs)), type=Answer)


def write(path: Path, *records: Mapping[str, Any]) -> str:
    """Write *records* to *path* as its ending says, and return the path."""
    lines = "\n".join(json.dumps(each) for each in records).encode()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for each in records:
                archive.writestr(f"{each['id']}.json", json.dumps(each, indent=1))
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines))
    elif path.suffix == ".jsonl":
        path.write_bytes(lines)
    else:
        path.write_text(json.dumps(records[0] if len(records) == 1 else records, indent=2))
    return str(path)


@pytest.mark.parametrize("name", ["one.json", "many.json", "lines.jsonl", "lines.jsonl.gz", "all.zip", "noending"])
async def test_every_form_of_source_brings_its_records(tmp_path: Path, name: str) -> None:
    """A record, a list, lines, packed lines and an archive are told apart by what they hold."""
    given = [record("PYSEC-1", "Flask")] + ([] if name == "one.json" else [record("PYSEC-2", "jinja2")])
    built = await build([write(tmp_path / name, *given)], tmp_path / "home")
    assert built.tally.records == len(given)
    found = await asked(tmp_path / "home", ("PyPI", "flask"), ("PyPI", "requests"))
    assert [(one.id, one.affected[0].name) for one in found.advisories] == [("PYSEC-1", "flask")]
    assert found.ecosystems == ("PyPI",)


async def test_several_sources_and_folders_make_one_index(tmp_path: Path) -> None:
    """Folders are read with all below them, other files in them are not, and the newest word on an id holds."""
    folder = tmp_path / "folder" / "deeper"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("not a record")
    newer = record("A", "p", modified="2026-05-05T00:00:00Z", summary="new")
    write(folder / "a.json", newer)
    older = write(tmp_path / "b.jsonl", record("A", "p", summary="old"), record("B", "q", "npm"))
    built = await build([str(tmp_path / "folder"), older], tmp_path / "home")
    assert built.tally.kept == {"PyPI": 1, "npm": 1}
    assert [one.summary for one in (await asked(tmp_path / "home", ("PyPI", "p"))).advisories] == ["new"]
    data = describe(tmp_path / "home")
    assert data == built.data
    assert data.date == datetime(2026, 5, 5, tzinfo=UTC)
    assert data.source.endswith("/folder, " + "/".join(Path(older).parts[-2:]) + " (2 records)")


async def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """Withdrawn, foreign and here and there malformed records are counted apart, and none of them is fatal."""
    odd = [
        record("B", "p", withdrawn="2026-01-01T00:00:00Z"),
        *(record(f"C{number}", "p", "Maven") for number in range(300)),
        {"no": "id"},
        {"id": "E", "affected": "everything"},
        record("D", "q", modified="9999-01-01T00:00:00Z"),
    ]
    source = write(tmp_path / "x.jsonl", record("A", "p"), *odd)
    tally = (await build([source], tmp_path / "home")).tally
    assert (tally.records, tally.withdrawn, tally.elsewhere, tally.malformed) == (2, 1, 300, 2)
    data = describe(tmp_path / "home")
    assert data is not None
    assert data.date == datetime(2026, 3, 1, 10, tzinfo=UTC)  # no record changes in the year 9999


@pytest.mark.parametrize("order", [1, -1])
async def test_a_record_that_is_withdrawn_later_goes(tmp_path: Path, order: int) -> None:
    """Of two words on one id the newer holds, also when it takes the advisory back, in whatever order they come."""
    first = write(tmp_path / "a.json", record("A", "p"), record("B", "p"))
    gone = record("A", "p", withdrawn="2026-04-01T00:00:00Z", modified="2026-04-01T00:00:00Z")
    await build([first, write(tmp_path / "b.json", gone, record("C", "q"))][::order], tmp_path / "home")
    assert [one.id for one in (await asked(tmp_path / "home", ("PyPI", "p"))).advisories] == ["B"]


MANY = [json.dumps(record(f"M{number}", "p")).encode() for number in range(400)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.jsonl.gz", gzip.compress(b'{"id": 1}' * 1000, mtime=0)[:-20], "damaged"),
        ("x.zip", b"PK\x03\x04 not an archive", "damaged"),
        ("x.json", b"[]", "no usable advisory"),
        ("x.json", b"", "no usable advisory"),
        ("x.json", b"<html>not found</html>", "no usable advisory"),
        ("x.jsonl", json.dumps(record("A", "p", "crates.io")).encode(), "no usable advisory"),
        ("x.jsonl", b"\n".join([*MANY[:300], MANY[300][:40]]), r"1 of 302 records .* first at x\.jsonl, line 301:"),
        ("x.jsonl", b"\n".join([*MANY[:20], *[b"{bad"] * 17]), r"17 of 38 records .* first at x\.jsonl, line 21:"),
        ("x.jsonl", b"\n".join([MANY[0], b"[" * 5_000]), r"1 of 3 records"),
        ("x.jsonl", b"\n".join([MANY[0], b'"\xed\xa0\x80"']), r"1 of 3 records"),
        ("x.jsonl", b"\n".join([*MANY, *[b'"a text"'] * 5]), r"5 of 406 records .* first at x\.jsonl, line 401:"),
        ("x.json", b"[" + b",\n".join([*MANY[:9], b"7", b"null"]) + b"]", r"2 of 12 .* first at x\.json, record 10:"),
        ("x.json", b"[\n" + b",\n".join(MANY[:9]), r"of 11 records .* first at x\.json, line 1:"),
        ("missing", None, "neither a file nor a folder"),
    ],
)
async def test_a_failed_update_leaves_the_old_index(tmp_path: Path, name: str, content: bytes | None, why: str) -> None:
    """A source that is damaged, empty or missing is refused with a sentence, and nothing of it stays behind."""
    home = tmp_path / "home"
    await build([write(tmp_path / "good.json", record("A", "p"))], home)
    before = (home / NAME).read_bytes()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableSource, match=why):
        await build([str(tmp_path / "good.json"), str(tmp_path / name)], home)
    assert (home / NAME).read_bytes() == before
    assert os.listdir(home) == [NAME]  # noqa: PTH208 - a test may wait for its disk


@pytest.mark.parametrize("body", [b"", b"{"], ids=["empty", "cut off"])
async def test_one_damaged_file_of_a_folder_is_named(tmp_path: Path, body: bytes) -> None:
    """A folder or archive of one file a record is refused where one of them was cut off, however many are whole."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "all.jsonl").write_bytes(b"\n".join(MANY))
    (folder / "GHSA-x.json").write_bytes(body)
    with pytest.raises(UnusableSource, match=r"1 of 401 records .* first at GHSA-x\.json[:,]"):
        await build([str(folder)], tmp_path / "home")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("good.json", MANY[0])
        archive.writestr("GHSA-x.json", body)
    with pytest.raises(UnusableSource, match=r"1 of 2 records .* first at x\.zip, GHSA-x\.json[:,]"):
        await build([str(tmp_path / "x.zip")], tmp_path / "home")


async def test_an_update_that_loses_most_of_an_ecosystem_is_refused(tmp_path: Path) -> None:
    """Less than half of what is there of PyPI or npm needs a word: the old index is removed, then it is built."""
    home = tmp_path / "home"
    await build([write(tmp_path / "a.jsonl", *(record(f"A{number}", "p") for number in range(10)))], home)
    half = [record(f"A{number}", "p") for number in range(5)]
    gone = [record(f"A{number}", "p", withdrawn="2026-04-01T00:00:00Z") for number in range(4, 10)]
    before = (home / NAME).read_bytes()
    for records in (half[:4], [*half[:4], *gone], [record("N", "q", "npm")]):
        with pytest.raises(UnusableSource, match=r"advisories of PyPI would take the place of 10; .* remove /"):
            await build([write(tmp_path / "b.jsonl", *records)], home)
    assert (home / NAME).read_bytes() == before
    assert (await build([write(tmp_path / "b.jsonl", *half)], home)).tally.kept == {"PyPI": 5}
    (home / NAME).unlink()
    assert (await build([write(tmp_path / "b.jsonl", *half[:1])], home)).tally.kept == {"PyPI": 1}


async def test_a_zip_bomb_is_bounded(tmp_path: Path) -> None:
    """A member that unpacks to more than any record is one malformed record, whatever size it states."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * 64 * 1024 * 1024)
        for number, body in enumerate(MANY):
            archive.writestr(f"{number}.json", body)
    tally = (await build([str(tmp_path / "x.zip")], tmp_path / "home")).tally
    assert (tally.records, tally.malformed) == (400, 1)


async def test_a_line_longer_than_any_record_is_one_malformed_record(tmp_path: Path) -> None:
    """A line that never ends is passed over in pieces; those behind it are read."""
    lines = [MANY[0], b"1" * 20 * 1024 * 1024, *MANY[1:]]
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines), 1))
    tally = (await build([str(tmp_path / "x.jsonl.gz")], tmp_path / "home")).tally
    assert (tally.records, tally.malformed) == (400, 1)


async def test_without_an_index_the_answer_names_the_command(tmp_path: Path) -> None:
    """No data is a reason with its mend; a repository without packages needs none."""
    with pytest.raises(Missing, match="no advisory data"):
        await asked(tmp_path, ("PyPI", "p"))
    assert (await asked(tmp_path)).advisories == ()
    assert describe(tmp_path) is None


async def test_a_damaged_index_is_a_reason_and_not_a_crash(tmp_path: Path) -> None:
    """An index that is no database, or holds no tables, is said to be unreadable."""
    for content in (b"not a database" * 1000, b""):
        (tmp_path / NAME).write_bytes(content)
        with pytest.raises(Missing, match="cannot be read"):
            await asked(tmp_path, ("PyPI", "p"))
        assert holdings(tmp_path) is None


@pytest.mark.parametrize("question", [b"", b"{}", b'["a"]', b'[["PyPI"]]', b"[[1, 2]]", b"[" * 10_000])
async def test_a_question_that_makes_no_sense_is_refused(tmp_path: Path, question: bytes) -> None:
    """What comes from the worker is checked: it has read hostile text."""
    await build([write(tmp_path / "a.json", record("A", "p"))], tmp_path / "home")
    with pytest.raises(Missing, match="could not be understood"):
        await answer(tmp_path / "home", question)


async def test_the_index_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Which packages a team looks at is its own business: home and index are closed to others."""
    await build([write(tmp_path / "a.json", record("A", "p"))], tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "home" / NAME).stat().st_mode) == 0o600


async def test_the_shipped_sample_makes_an_index(tmp_path: Path) -> None:
    """The advisories of the examples are whole records of both ecosystems, each with a way out."""
    built = await build([str(SAMPLE)], tmp_path)
    assert built.tally.malformed == built.tally.elsewhere == built.tally.withdrawn == 0
    assert built.tally.records == len(os.listdir(SAMPLE)) - 1 > 12  # noqa: PTH208 - a test may wait for its disk
    names = [("PyPI", "flask"), ("PyPI", "jinja2"), ("npm", "lodash"), ("npm", "next"), ("npm", "axios")]
    found = await asked(tmp_path, *names)
    assert {(one.affected[0].ecosystem, one.affected[0].name) for one in found.advisories} == set(names)
    assert all(span.fixed for one in found.advisories for affected in one.affected for span in affected.spans)
    assert all(one.summary and one.cvss and one.severity for one in found.advisories)


@pytest.mark.parametrize(
    ("days", "says"),
    [(0, ""), (6, ""), (8, "newer vulnerabilities are not known"), (-0.5, ""), (-30, "one is wrong")],
)
def test_a_clock_that_was_put_back_makes_no_data_new(days: float, says: str) -> None:
    """Data is fresh within the age that is set; data of tomorrow says that the clock or the data is wrong."""
    now = datetime(2026, 3, 1, 10, tzinfo=UTC)
    told = staleness(now - timedelta(days=days), None, timedelta(days=7), now)
    assert told.endswith(says)
    assert bool(told) == bool(says)
