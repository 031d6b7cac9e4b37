"""Tokens in names, paths and routes are masked in whatever a check says or keeps, and nothing else is."""

import json
from pathlib import Path

import msgspec
import pytest

from bot.cli.report_text import report_text
from checks.facts.secrets.token_forms import FORMS, STOCK
from checks.facts.secrets.vendor_tokens import detectors
from checks.masking import MASK, holds_token, masked
from checks.model import Outcome, Report
from checks.report_json import to_json
from checks.sarif import to_sarif
from tests import token_names
from tests.checking import checked, result_of
from tests.repositories import repository


def outputs(report: Report) -> str:
    """Return *report* in every form in which it is printed, stored and sent."""
    forms = [json.dumps(to_json(report)), json.dumps(to_sarif(report)), report_text(report, colours=False)]
    return "\n".join([*forms, msgspec.json.encode(report).decode()])


AROUND = ("{}", "POST /hooks/{}/x answers", "src/test_{}_old.py", "é{}ü")
CASES = [(around, token) for around in AROUND for token in token_names.TOKENS]


@pytest.mark.parametrize(("around", "token"), [*CASES, ("/bot{}/send", token_names.TELEGRAM)])
def test_a_token_is_masked_whatever_stands_beside_it(around: str, token: str) -> None:
    """Slashes, underscores, other alphabets and the ends of the text hide no token."""
    text = masked(around.format(token))
    assert MASK in text
    assert token[8:] not in text
    assert holds_token(msgspec.msgpack.encode([{"deep": [around.format(token)]}, 65]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POST /refund (src/api.py:18) answers without a login",
        "src/sk_learn_pipeline_helpers_for_training.py",
        "npg_connection_pool and task_runner_with_a_long_name",
        "locales/sk-translations-of-the-checkout.json",
        "0123456789abcdef0123456789abcdef01234567",
        "GHSA-562c-5r94-xh97",
        "a lone \ud800 stays",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    """Paths, commits, advisories and broken characters come through as they are."""
    assert masked(text) == text


def test_what_is_found_as_a_token_is_also_masked() -> None:
    """No detector knows a form that the mask does not: there is one list."""
    assert {form for one in detectors() for form in one.forms} == {
        *STOCK,
        *(form for all_ in FORMS.values() for form in all_),
    }


async def test_no_name_brings_a_token_out_of_a_check(tmp_path: Path) -> None:
    """Routes, packages, versions, variables and files named like tokens are told masked, and not kept."""
    told = []
    inner = {f"inner_{token_names.GITHUB}": "1" * 40}
    bare = repository(tmp_path / "bare", token_names.files(), submodules=inner)
    for folder in (bare, token_names.folder_of_them(tmp_path / "plain")):
        for _ in range(2):  # the second time from the shelf
            report = await checked(folder, tmp_path / "home")
            told.append(outputs(report))
            found = result_of(report, "open-route").findings
            assert {(f"{one.path}", one.route.path) for one in found if one.route} == {
                ("flask_app.py", f"/telegram/{MASK}"),
                ("flask_app.py", f"/{MASK}/again"),
                ("fast_app.py", f"/hooks/{MASK}"),
                ("server.js", f"/hooks/{MASK}"),
                (f"old{MASK}.py", "/refund"),
            }
            assert len({one.fingerprint for one in found}) == len(found)
    kept = b"\n".join(token_names.bytes_below(tmp_path / "home"))
    assert kept
    for token in token_names.TOKENS:
        assert not any(token[10:] in text for text in told)
        assert token[10:].encode() not in kept


async def test_a_file_that_holds_a_token_in_its_facts_is_seen_the_same_again(tmp_path: Path) -> None:
    """Its part is not kept, so that the second check reads it anew and says the same."""
    folder = repository(tmp_path / "app", token_names.files())
    first, second = [(await checked(folder, tmp_path / "home")).results for _ in range(2)]
    assert first == second
    assert any(result.outcome is Outcome.FAILED for result in first)
