"""`groundcrew advisories`: update from a source, and say what is there."""

import json
import os
from pathlib import Path

import pytest

from bot.__main__ import main

SAMPLE = Path(__file__).resolve().parents[3] / "examples" / "advisories"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a home of its own, by the environment, and no source set."""
    monkeypatch.setenv("GROUNDCREW_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GROUNDCREW_ADVISORIES_URL", raising=False)
    return tmp_path / "home"


def test_the_index_is_built_and_described(capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first update it says how; after it, source, date and records by ecosystem."""
    assert main(["advisories"]) == 1
    assert "groundcrew advisories update" in capsys.readouterr().out
    assert main(["advisories", "update", "--from", str(SAMPLE)]) == 0
    assert capsys.readouterr().out.startswith(
        "The index now holds 18 advisories (11 of PyPI, 7 of npm), the newest of 2025-"
    )
    assert main(["advisories"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Source:  examples/advisories (18 records)"
    assert told[1].startswith("Newest:  2025-")
    assert told[2] == "Records: 11 of PyPI, 7 of npm"


def test_what_is_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Malformed and withdrawn records are counted in a line of their own."""
    record = json.loads((SAMPLE / "GHSA-562c-5r94-xh97.json").read_text())
    foreign = [{"id": f"M{number}", "affected": []} for number in range(200)]
    lines = [record, {**record, "id": "X", "withdrawn": "2025-01-01T00:00:00Z"}, {"id": 7}, *foreign]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert main(["advisories", "update", "--from", str(tmp_path / "x.jsonl"), "--home", str(tmp_path / "other")]) == 0
    assert "Left out: 1 withdrawn, 200 of other ecosystems, 1 malformed." in capsys.readouterr().out


def test_a_damaged_source_keeps_the_index(own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was cut off ends with one sentence that says how much and where, and the old index answers on."""
    assert main(["advisories", "update", "--from", str(SAMPLE)]) == 0
    whole = "\n".join(json.dumps(json.loads(path.read_text())) for path in sorted(SAMPLE.glob("*.json")))
    (tmp_path / "x.jsonl").write_text(whole[: len(whole) // 3])
    capsys.readouterr()
    assert main(["advisories", "update", "--from", str(tmp_path / "x.jsonl")]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "1 of 7 records cannot be read, the first at x.jsonl, line 7: the source is damaged or cut off" in told.err
    assert main(["advisories"]) == 0
    assert "Records: 11 of PyPI, 7 of npm" in capsys.readouterr().out


def test_the_source_can_be_switched_off(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is to be fetched one sentence says what to give, and nothing is."""
    monkeypatch.setenv("GROUNDCREW_ADVISORIES_URL", "off")
    assert main(["advisories", "update"]) == 2
    told = capsys.readouterr().err
    assert "--from FILE, FOLDER or https address" in told
    assert "GROUNDCREW_ADVISORIES_URL" in told


def test_the_setting_names_the_source_and_may_be_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GROUNDCREW_ADVISORIES_URL stands for --from; what is wrong with it is a sentence without its value's secrets."""
    monkeypatch.setenv("GROUNDCREW_ADVISORIES_URL", "http://example.org/osv.zip?token=hunter2")
    assert main(["advisories", "update"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("groundcrew advisories: Only https:// addresses are fetched")
    assert "hunter2" not in told


def test_a_missing_source_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A path that is not there, and a home that cannot be written, end with one line each."""
    assert main(["advisories", "update", "--from", str(tmp_path / "missing")]) == 2
    assert "neither a file nor a folder" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["advisories", "update", "--from", str(SAMPLE), "--home", str(tmp_path / "file" / "home")]) == 2
    assert "GROUNDCREW_HOME cannot be used" in capsys.readouterr().err


def test_a_source_goes_with_an_update(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A source that is named without "update" is not passed over: nothing would be read from it."""
    assert main(["advisories", "--from", str(SAMPLE)]) == 2
    assert "`groundcrew advisories update --from ...`" in capsys.readouterr().err
    assert not own_home.exists()


def test_a_source_is_named_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A path right below the root keeps its slash."""
    assert main(["advisories", "update", "--from", "/etc/passwd"]) == 2
    assert "/etc/passwd holds no usable advisory" in capsys.readouterr().err


def test_without_a_way_out_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """A host that cannot be reached leaves the records to be brought in a file."""
    for address, why in (
        ("https://localhost:1/all.zip", "no connection comes about"),
        ("https://nowhere.invalid/all.zip", "its name cannot be looked up"),
    ):
        assert main(["advisories", "update", "--from", address]) == 2
        told = capsys.readouterr().err
        assert why in told
        assert "give it with --from" in told


def test_a_few_do_not_take_the_place_of_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An update that would lose most of what is known, by a sample into a home in use, says so and does nothing."""
    record = json.loads((SAMPLE / "GHSA-562c-5r94-xh97.json").read_text())
    many = [{**record, "id": f"GHSA-{number}"} for number in range(30)]
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, many)))
    assert main(["advisories", "update", "--from", str(tmp_path / "many.jsonl")]) == 0
    capsys.readouterr()
    assert main(["advisories", "update", "--from", str(SAMPLE)]) == 2
    assert "would take the place of 30; the index stays as it was" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_root_updates_belongs_to_the_bot(own_home: Path) -> None:
    """A bot that runs as a user of its own can read the index afterwards."""
    own_home.mkdir(0o700)
    os.chown(own_home, 65534, 65534)
    assert main(["advisories", "update", "--from", str(SAMPLE)]) == 0
    assert {one.stat().st_uid for one in own_home.iterdir()} == {65534}
