"""Earlier versions of files that editors keep: no program runs them."""

from __future__ import annotations

import pytest

from checks.facts.flows import file_flows, paid_calls
from checks.facts.records import records
from checks.facts.routes import routes
from checks.facts.secrets import candidates
from checks.facts.tier import is_earlier_version


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
