"""Where the line of a finding is opened, host by host."""

from dataclasses import replace

import pytest

from checks.code_links import link_to
from checks.model import Finding

FINDING = Finding("a key", "src/a b.py", 7)


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/acme/app.git", "https://github.com/acme/app/blob/c0ffee/src/a%20b.py#L7"),
        ("https://git.acme.example/acme/app", "https://git.acme.example/acme/app/blob/c0ffee/src/a%20b.py#L7"),
        ("https://gitlab.com/acme/app", "https://gitlab.com/acme/app/-/blob/c0ffee/src/a%20b.py#L7"),
        ("https://codeberg.org/acme/app", "https://codeberg.org/acme/app/src/commit/c0ffee/src/a%20b.py#L7"),
        ("https://bitbucket.org/acme/app", "https://bitbucket.org/acme/app/src/c0ffee/src/a%20b.py#lines-7"),
        ("/home/ann/app", None),
        ("https://[", None),
    ],
)
def test_each_host_has_its_form(repository: str, address: str | None) -> None:
    """The very line at the very commit; nothing for what is no code host."""
    assert link_to(FINDING, repository, "c0ffee", anywhere=True) == address


def test_a_host_that_nobody_knows_is_linked_only_for_whoever_named_it() -> None:
    """In Slack somebody else named the repository, and nobody is led to a host of theirs."""
    assert link_to(FINDING, "https://evil.example/acme/app", "c0ffee") is None


def test_a_finding_of_the_history_opens_its_own_commit() -> None:
    """What an old commit holds is not at HEAD any more."""
    old = replace(FINDING, commit="0ld", line=None, path="src/\udcff.py")
    assert link_to(old, "https://github.com/acme/app", "c0ffee") == "https://github.com/acme/app/blob/0ld/src/%3F.py"


def test_a_folder_has_no_commit_to_open() -> None:
    """Without a revision there is no address."""
    assert link_to(FINDING, "https://github.com/acme/app", None) is None
