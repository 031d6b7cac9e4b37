"""What part of a repository a path belongs to, and the earlier versions of files that editors keep."""

from __future__ import annotations

import pytest

from checks.facts.flows import file_flows, paid_calls
from checks.facts.records import records
from checks.facts.routes import routes
from checks.facts.secrets import candidates
from checks.facts.tier import Tier, is_earlier_version, tier_of


@pytest.mark.parametrize("path", [".history/app_20241202163959.py", "old/.ipynb_checkpoints/serve-checkpoint.py"])
def test_an_earlier_version_that_an_editor_keeps_serves_nothing_but_is_read_for_secrets(path: str) -> None:
    """No route, record or flow is taken from an editor's own copies, whose secrets are as live as others."""
    assert is_earlier_version(path)
    for source in (routes.source, records.source, file_flows.source, paid_calls.source):
        assert source.kind_of(path) is None
    assert candidates.source.kind_of(path) is not None


def test_a_folder_called_history_is_code() -> None:
    """A feature may be called history; only the hidden folder is an editor's."""
    assert not is_earlier_version("app/history/page.tsx")
    assert paid_calls.source.kind_of("app/history/page.tsx") is not None


@pytest.mark.parametrize(
    "path",
    [
        "packages/e2e_tests/setup/seed.ts",
        "scripts/test-environments/login/compose.yml",
        "packages/benchmarks/src/seed.ts",
        "integration-test/run.ts",
        "web/integration/setup.ts",
        "src/setupTests.js",
        "load-testing/k.js",
    ],
)
def test_folders_of_tests_and_measurements_are_known_by_longer_names(path: str) -> None:
    """What runs beside the app and never in front of users is told as advice."""
    assert tier_of(path) is Tier.TEST


@pytest.mark.parametrize("path", ["test-app/main.py", "contests/views.py", "latest/app.py", "src/attestations/a.py"])
def test_a_folder_that_may_hold_the_app_is_code(path: str) -> None:
    """A word that only begins or ends like test hides nothing."""
    assert tier_of(path) is Tier.CODE


@pytest.mark.parametrize(
    ("path", "tier"),
    [
        ("shop/static/quasar.umd.js", Tier.VENDORED),
        ("static/sass.dart.js", Tier.VENDORED),
        ("web/vue.global.prod.js", Tier.VENDORED),
        ("public/js/jquery-3.7.1.js", Tier.VENDORED),
        ("static/lib/three.js", Tier.VENDORED),
        ("src/map.js", Tier.CODE),
        ("src/lib/react.js", Tier.CODE),
        ("server/config.production.js", Tier.CODE),
        ("src/global.js", Tier.CODE),
        ("migrate-1.2.3.js", Tier.CODE),
    ],
)
def test_builds_of_libraries_are_told_from_code_by_their_names(path: str, tier: Tier) -> None:
    """A copy of a library's build is somebody else's code; a file that merely speaks of one is the app's."""
    assert tier_of(path) is tier
