"""Hostile repositories are answered: none ends a check, starts a program, leads outside, or hides what it holds."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.cli.report_text import report_text
from checks.engine import Limits
from checks.fact import Listing
from checks.gather.objects import list_files
from checks.model import Outcome, Placement
from checks.report_json import to_json
from checks.sarif import to_sarif
from tests import hostile
from tests.checking import checked, result_of, unseen
from tests.processes import children
from tests.repositories import checkout

#: Every kind that a check must answer on, whatever it answers.
KINDS = (
    hostile.control,
    hostile.symlinks,
    hostile.weird_names,
    hostile.deep_folders,
    hostile.huge_blob,
    hostile.corrupt_blob,
    hostile.missing_blob,
    hostile.missing_tree,
    hostile.duplicate_entries,
    hostile.encodings,
    hostile.self_exempt,
    hostile.injections,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_every_kind_is_answered_and_leaves_nothing_behind(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    """Whatever the repository is, every check answers, production is never reached, and no process stays."""
    report = await checked(kind(tmp_path / "app"), tmp_path / "home")
    assert report.results
    assert report.verdict.placement is not Placement.PRODUCTION
    assert not children()
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("kind", [hostile.programs, hostile.own_names])
async def test_nothing_in_a_repository_is_run(kind: Callable[[Path, Path], Path], tmp_path: Path) -> None:
    """Hooks, filters, build backends, install scripts and packages of our own names are read and never started."""
    canary = tmp_path / "canary"
    bare = kind(tmp_path / "app", canary)
    report = await checked(bare, tmp_path / "home")
    assert report.results
    assert not canary.exists()


async def test_a_checkout_is_read_at_head_and_its_work_tree_is_not_touched(tmp_path: Path) -> None:
    """Of a checkout the committed state is read: what lies in the work tree, hooks and fsmonitor are left alone."""
    canary = tmp_path / "canary"
    folder = checkout(hostile.control(tmp_path / "app"), tmp_path / "checkout")
    (folder / "app.py").write_text(f'stripe.api_key = "{hostile.SECRET}"\n')
    with (folder / ".git" / "config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "touch {canary}"\n\tpager = "touch {canary}"\n')
        config.write(f'[gpg]\n\tprogram = "touch {canary}"\n[log]\n\tshowSignature = true\n')
    before = {path: path.stat().st_mtime_ns for path in (folder / ".git").rglob("*")}
    report = await checked(folder, tmp_path / "home")
    assert result_of(report, "hardcoded-secret").outcome is Outcome.PASSED
    assert {path: path.stat().st_mtime_ns for path in (folder / ".git").rglob("*")} == before
    assert not canary.exists()


async def test_links_are_counted_and_not_followed(tmp_path: Path) -> None:
    """A link's target is never read, inside a repository or in a plain folder, and the report says they are there."""
    bare = hostile.symlinks(tmp_path / "app")
    report = await checked(bare, tmp_path / "home")
    assert "7 symbolic links not followed" in report.partial
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "app.py").write_text(hostile.APP)
    outside = tmp_path / "outside.py"
    outside.write_text(f'stripe.api_key = "{hostile.SECRET}"\n')
    (plain / "link.py").symlink_to(outside)
    (plain / "folder").symlink_to(tmp_path)
    report = await checked(plain, tmp_path / "home")
    assert "2 symbolic links not followed" in report.partial
    assert result_of(report, "hardcoded-secret").outcome is Outcome.NOT_CHECKED


async def test_every_odd_name_is_read_under_a_name_of_its_own(tmp_path: Path) -> None:
    """A file is read whatever its name is, and two names that look alike do not hide one another."""
    listing = await listed(hostile.weird_names(tmp_path / "app"))
    assert len(listing.paths) == len(listing.entries) == 14
    report = await checked(tmp_path / "app", tmp_path / "home")
    found = {finding.path for finding in result_of(report, "hardcoded-secret").findings}
    assert found == listing.paths
    text = report_text(report, colours=False)
    assert "\u202e" not in text
    assert "\u200b" not in text
    assert "\t" not in text
    json.dumps(to_sarif(report)).encode("utf-8")


async def test_a_name_that_stands_twice_in_a_tree_hides_nothing(tmp_path: Path) -> None:
    """Where a tree names a file twice, both are read."""
    report = await checked(hostile.duplicate_entries(tmp_path / "app"), tmp_path / "home")
    assert result_of(report, "hardcoded-secret").outcome is Outcome.FAILED


async def test_no_encoding_hides_a_secret(tmp_path: Path) -> None:
    """UTF-16, latin-1, lone carriage returns and a NUL do not hide what a file says."""
    report = await checked(hostile.encodings(tmp_path / "app"), tmp_path / "home")
    found = {finding.path for finding in result_of(report, "hardcoded-secret").findings}
    assert found == {"utf16.py", "utf16be.py", "latin1.py", "bom.py", "return.py", "nul.py"}


async def test_a_repository_cannot_exempt_itself(tmp_path: Path) -> None:
    """Pragmas, baselines and ignore files in a repository change no outcome, and are listed."""
    report = await checked(hostile.self_exempt(tmp_path / "app"), tmp_path / "home")
    assert result_of(report, "hardcoded-secret").outcome is Outcome.FAILED
    assert report.suppressed == (
        ".gitleaks.toml (ignore rules)",
        ".gitleaksignore (ignore rules)",
        ".secrets.baseline (ignore rules)",
        "app.py:1 (pragma: allowlist secret)",
        "app.py:1 (# nosec)",
        "app.py:1 (gitleaks:allow)",
    )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (hostile.huge_blob, "huge.py is larger than 2048 KiB"),
        (hostile.corrupt_blob, "bad.py was not read"),
        (hostile.missing_blob, "gone.py was not read: it is missing from the repository"),
        (hostile.missing_tree, "the list of files is not complete"),
    ],
)
async def test_what_cannot_be_read_is_named(kind: Callable[[Path], Path], says: str, tmp_path: Path) -> None:
    """A file or folder that is too large, damaged or absent makes the answer partial, and is named."""
    report = await checked(kind(tmp_path / "app"), tmp_path / "home")
    assert says in unseen(report)
    assert result_of(report, "fallback-secret").outcome is Outcome.NOT_CHECKED
    assert not (tmp_path / "canary").exists()


async def test_a_damaged_file_hides_no_other(tmp_path: Path) -> None:
    """A finding in a whole file stands although another file is damaged."""
    report = await checked(hostile.corrupt_blob(tmp_path / "app"), tmp_path / "home")
    assert result_of(report, "hardcoded-secret").outcome is Outcome.FAILED


async def test_a_tree_without_end_is_stopped_and_said(tmp_path: Path) -> None:
    """A tree of ten thousand million paths is stopped at the limit, which the report says."""
    bare = hostile.tree_bomb(tmp_path / "app")
    assert len((await listed(bare)).entries) == Limits().paths
    report = await checked(bare, tmp_path / "home", limits=Limits(paths=2000))
    assert report.partial == ("stopped at 2,000 files",)
    assert result_of(report, "fallback-secret").outcome is Outcome.NOT_CHECKED
    assert report.verdict.placement.rank <= Placement.SANDBOX.rank


async def test_files_beyond_the_budget_are_named(tmp_path: Path) -> None:
    """When more would be read than one check may read, the rest is told as not read."""
    report = await checked(hostile.encodings(tmp_path / "app"), tmp_path / "home", limits=Limits(tree=100))
    assert "were not read: beyond the limit of 0 MiB read in one check" in unseen(report)


async def test_parsers_are_not_ended_by_bombs(tmp_path: Path) -> None:
    """Nesting, entity bombs and endless lines end no check; what could not be read is said."""
    report = await checked(hostile.parser_bombs(tmp_path / "app"), tmp_path / "home")
    assert report.results
    assert not any("cannot be loaded" in (result.reason or "") for result in report.results)
    assert report.verdict.placement is not Placement.PRODUCTION


async def test_words_in_a_repository_move_no_verdict(tmp_path: Path) -> None:
    """Orders to a language model and forged verdicts change nothing but the fingerprints of their lines."""
    plain = await checked(hostile.control(tmp_path / "plain"), tmp_path / "home")
    loaded = await checked(hostile.injections(tmp_path / "app"), tmp_path / "home")
    assert asdict(loaded.verdict) == asdict(plain.verdict)


async def test_no_planted_secret_leaves_the_worker(tmp_path: Path) -> None:
    """No value of fifteen planted secrets stands in a report, in any form, nor in the fact cache, with a key or not."""
    bare, values = hostile.secret_places(tmp_path / "app")
    sinks = []
    for key in (None, "a key for digests"):
        report = await checked(bare, tmp_path / "home", fingerprint_key=key)
        assert result_of(report, "hardcoded-secret").outcome is Outcome.FAILED
        sinks += [json.dumps(to_json(report)), json.dumps(to_sarif(report)), report_text(report, colours=False)]
    with sqlite3.connect(tmp_path / "home" / "shelf.sqlite") as shelf:
        sinks += ["\n".join(part.decode("latin-1") for (part,) in shelf.execute("select part from part"))]
    shelf.close()
    leaked = {value[:12] for value in values for sink in sinks if value[:12] in sink}
    assert not leaked


async def listed(folder: Path) -> Listing:
    """Return the listing of the repository at *folder*."""
    listing, _ = await list_files(folder, "HEAD", Limits())
    return listing
