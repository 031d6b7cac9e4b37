"""What package.json asks for: exact versions and ranges, and what does not come from the registry."""

import json

import pytest

from tests.checks.facts.packages.dependency_facts import dependencies_of, only, reasons


@pytest.mark.parametrize(
    ("wanted", "version"),
    [("1.2.3", "1.2.3"), ("=1.2.3", "1.2.3"), ("v1.2.3-rc.1", "1.2.3-rc.1"), ("^1.2.3", None), ("~1.2", None),
     ("1.x", None), ("1.2", None), ("*", None), ("latest", None), (">=1 <2", None), ("", None)],
)  # fmt: skip
def test_only_a_whole_version_is_exact(wanted: str, version: str | None) -> None:
    """For npm "1.2" is a range, and a tag names whatever was published last."""
    assert only({"package.json": json.dumps({"dependencies": {"a": wanted}})}, "a").version == version


@pytest.mark.parametrize(
    "wanted",
    ["git+https://example.org/a.git", "github:a/b", "a/b#semver:^1", "https://example.org/a.tgz", 7, ["1.0.0"]],
)
def test_what_does_not_come_from_the_registry_is_named(wanted: object) -> None:
    """A package from an address of its own is not matched, and a strange form is not either."""
    (reason,) = reasons({"package.json": json.dumps({"dependencies": {"a": wanted}}, indent=1)})
    assert reason.startswith("package.json:3: a ")


def test_folders_of_the_repository_are_no_packages() -> None:
    """Workspaces and linked folders are the app's own code; a folder outside the tree is named."""
    files = {
        "package.json": json.dumps({"dependencies": {"ui": "workspace:*", "kit": "file:./kit", "far": "file:../far"}}),
        "kit/package.json": "{}",
    }
    assert dependencies_of(files).packages == ()
    assert [reason.partition(": ")[2] for reason in reasons(files)] == [
        "it points outside the repository, where nothing is read"
    ]


def test_a_package_published_for_others_is_told_from_an_app() -> None:
    """What exports code and is not private is made to be published; what can be started is an app."""
    library = {"name": "kit", "exports": "./index.js", "dependencies": {"a": "^1.0.0"}}
    assert only({"package.json": json.dumps(library)}, "a").library
    assert not only({"package.json": json.dumps({**library, "private": True})}, "a").library
    assert not only({"package.json": json.dumps({**library, "scripts": {"start": "node ."}})}, "a").library
