"""Which names are asked of the package index: those that the app asks for itself and that the index can know."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from checks.example import facts_of
from checks.fact import Listing
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.imports import Imports
from checks.facts.packages.index_answer import Asked, IndexAnswer, Known
from checks.facts.packages.install_sources import InstallSources
from checks.facts.packages.package_index import PackageIndex, ask
from checks.facts.packages.packages import NPM, PYPI

LOCK = """{"packages": {
  "": {"dependencies": {"odd": "*"}},
  "node_modules/odd": {"version": "1.2.3"},
  "node_modules/deep": {"version": "1.0.0"}
}}"""
PROJECT = '[project]\nname = "a"\ndependencies = ["odd-thing"]\n'


def asked(files: Mapping[str, str]) -> list[Asked]:
    """Return what is asked about *files*."""
    facts = facts_of(files)
    return list(ask(*(facts.get(fact).value for fact in (Dependencies, Imports, InstallSources, Listing))))


def names(files: Mapping[str, str]) -> list[str]:
    """Return the names that are asked about *files*."""
    return [one.name for one in asked(files)]


def package(**content: object) -> str:
    """Return a package.json."""
    return json.dumps(content)


def test_what_the_app_asks_for_is_asked_with_its_version() -> None:
    """Direct packages, once each, with the versions in use; what others bring is not."""
    files = {
        "package.json": package(dependencies={"odd": "*"}),
        "package-lock.json": LOCK,
        "requirements.txt": "zope.odd==1\n",
    }
    assert asked(files) == [Asked(PYPI, "zope-odd", ("1",)), Asked(NPM, "odd", ("1.2.3",))]


def test_well_known_names_come_last() -> None:
    """Time may run out: those that nobody knows are asked first."""
    assert names({"package.json": package(dependencies={"express": "*", "zzz-odd": "*"})}) == ["zzz-odd", "express"]


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": package(name="@acme/web", dependencies={"@acme/ui": "*", "@acme/web": "*"})},
        {"package.json": package(dependencies={"@acme/ui": "*"}), ".npmrc": "@acme:registry=https://npm.acme.example/\n"},
        {"package.json": package(dependencies={"ui": "*"}), ".npmrc": "registry = https://npm.acme.example/\n"},
        {"package.json": package(dependencies={"ui": "*", "y": "git+https://x.example/y"}),
         "ui/package.json": package(name="ui")},
        {"requirements.txt": "--index-url https://pip.acme.example/simple\nacme-auth==1.0\n"},
        {"requirements.txt": "acme @ https://x.example/acme.whl\n-e ./lib\n"},
        {"pyproject.toml": PROJECT + '[[tool.uv.index]]\nurl = "https://pip.acme.example"\ndefault = true\n'},
        {"pyproject.toml": PROJECT + '[tool.uv.sources]\nodd-thing = { path = "../auth" }\n'},
        {"package.json": package(dependencies={"../../etc": "*", "a b": "*", "x?y": "*", "": "*"})},
    ],
)  # fmt: skip
def test_private_names_stay_private(files: Mapping[str, str]) -> None:
    """Own folders and scopes, addresses, and packages of another index are not told to the public one."""
    assert names(files) == []


def test_an_index_for_named_packages_alone_changes_nothing() -> None:
    """Uv's explicit index, and one beside the usual, leave the other packages with the usual index."""
    explicit = PROJECT + '[[tool.uv.index]]\nurl = "https://w.example"\nexplicit = true\n'
    assert names({"pyproject.toml": explicit}) == ["odd-thing"]
    assert names({"requirements.txt": "--extra-index-url https://w.example\nodd-thing==1\n"}) == ["odd-thing"]


def test_what_code_imports_and_nobody_names_is_asked_of_npm() -> None:
    """An import of npm names its package; aliases and folders of the app are none, and Python's names are others."""
    code = (
        'import a from "odd-auth-kit";\nimport b from "components/x";\nimport c from "express";\nimport d from "odd";\n'
    )
    files = {
        "package.json": package(dependencies={"odd": "*"}),
        "src/app.ts": code,
        "components/x.ts": "",
        "app.py": "import odd_thing\n",
        "requirements.txt": "flask==1\n",
    }
    assert names(files) == ["odd", "odd-auth-kit", "flask"]
    assert "odd-auth-kit" not in names({"src/app.ts": code})


def test_the_answer_is_found_by_name() -> None:
    """The fact holds where each name stands, and the index's word on it."""
    answer = IndexAnswer(datetime(2026, 1, 1, tzinfo=UTC), (Known(PYPI, "odd", exists=False),))
    index = facts_of({"requirements.txt": "\nodd==1\n"}, {"package_index": answer}).get(PackageIndex).value
    (one,) = index.named
    assert (one.path, one.line, index.known[one.ecosystem, one.name].exists) == ("requirements.txt", 2, False)
