"""What the lock files of npm, Yarn, pnpm and bun say: seven forms, one app."""

import json

import pytest

from tests.checks.facts.packages.dependency_facts import dependencies_of, only, reasons

MANIFEST = json.dumps(
    {
        "name": "app",
        "private": True,
        "dependencies": {"express": "^4.0.0"},
        "devDependencies": {"eslint": "^8.0.0"},
    },
    indent=2,
)

# express needs qs 6.5.0; eslint needs qs 6.9.0, which is its own copy.
THREE = """{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"express": "^4.0.0"}, "devDependencies": {"eslint": "^8.0.0"}},
    "node_modules/express": {"version": "4.17.0", "dependencies": {"qs": "6.5.0"}},
    "node_modules/eslint": {"version": "8.1.0", "dev": true, "dependencies": {"qs": "6.9.0"}},
    "node_modules/eslint/node_modules/qs": {"version": "6.9.0", "dev": true},
    "node_modules/qs": {"version": "6.5.0"}
  }
}
"""
ONE = """{
  "lockfileVersion": 1,
  "dependencies": {
    "express": {"version": "4.17.0", "requires": {"qs": "6.5.0"}},
    "eslint": {"version": "8.1.0", "dev": true, "requires": {"qs": "6.9.0"}, "dependencies": {
      "qs": {"version": "6.9.0", "dev": true}
    }},
    "qs": {"version": "6.5.0"}
  }
}
"""
YARN_1 = """\
# yarn lockfile v1


eslint@^8.0.0:
  version "8.1.0"
  resolved "https://registry.example.org/eslint-8.1.0.tgz#00"
  dependencies:
    qs "6.9.0"

express@^4.0.0, express@^4.1.0:
  version "4.17.0"
  dependencies:
    qs "6.5.0"

qs@6.5.0:
  version "6.5.0"

qs@6.9.0:
  version "6.9.0"
"""
YARN_2 = """\
__metadata:
  version: 8

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    express: "npm:^4.0.0"

"eslint@npm:^8.0.0":
  version: 8.1.0
  resolution: "eslint@npm:8.1.0"
  dependencies:
    qs: "npm:6.9.0"

"express@npm:^4.0.0, express@npm:^4.1.0":
  version: 4.17.0
  resolution: "express@npm:4.17.0"
  dependencies:
    qs: "npm:6.5.0"

"qs@npm:6.5.0":
  version: 6.5.0

"qs@npm:6.9.0":
  version: 6.9.0
"""
PNPM_9 = """\
lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      express:
        specifier: ^4.0.0
        version: 4.17.0
    devDependencies:
      eslint:
        specifier: ^8.0.0
        version: 8.1.0

packages:

  eslint@8.1.0:
    resolution: {integrity: sha512-00}

  express@4.17.0:
    resolution: {integrity: sha512-00}

  qs@6.5.0:
    resolution: {integrity: sha512-00}

  qs@6.9.0:
    resolution: {integrity: sha512-00}

snapshots:

  eslint@8.1.0:
    dependencies:
      qs: 6.9.0

  express@4.17.0:
    dependencies:
      qs: 6.5.0

  qs@6.5.0: {}

  qs@6.9.0: {}
"""
PNPM_5 = """\
lockfileVersion: 5.4

packages:

  /eslint/8.1.0:
    resolution: {integrity: sha512-00}
    dependencies:
      qs: 6.9.0
    dev: true

  /express/4.17.0:
    resolution: {integrity: sha512-00}
    dependencies:
      qs: 6.5.0
    dev: false

  /qs/6.5.0:
    resolution: {integrity: sha512-00}

  /qs/6.9.0:
    resolution: {integrity: sha512-00}
    dev: true
"""
BUN = """\
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": { "express": "^4.0.0", },
      "devDependencies": { "eslint": "^8.0.0", },
    },
  },
  "packages": {
    "eslint": ["eslint@8.1.0", "", { "dependencies": { "qs": "6.9.0" } }, "sha512-//00=="],

    "express": ["express@4.17.0", "", { "dependencies": { "qs": "6.5.0" } }, "sha512-00"],

    "qs": ["qs@6.5.0", "", {}, "sha512-00"],

    "eslint/qs": ["qs@6.9.0", "", {}, "sha512-00"],
  }
}
"""
LOCKS = [
    pytest.param("package-lock.json", THREE, 5, id="npm-3"),
    pytest.param("npm-shrinkwrap.json", ONE, 4, id="npm-1"),
    pytest.param("yarn.lock", YARN_1, 10, id="yarn-1"),
    pytest.param("yarn.lock", YARN_2, 16, id="yarn-2"),
    pytest.param("pnpm-lock.yaml", PNPM_9, 20, id="pnpm-9"),
    pytest.param("pnpm-lock.yaml", PNPM_5, 11, id="pnpm-5"),
    pytest.param("bun.lock", BUN, 13, id="bun"),
]


@pytest.mark.parametrize(("name", "text", "line"), LOCKS)
def test_every_lock_says_the_same_of_one_app(name: str, text: str, line: int) -> None:
    """Versions, what is direct, what only developers use, and the chains come out alike whoever wrote the lock."""
    known = dependencies_of({"web/package.json": MANIFEST, f"web/{name}": text})
    assert not known.skipped
    locked = {(one.name, one.version): one for one in known.packages if one.locked}
    assert {key: (one.direct, one.dev, one.via) for key, one in locked.items()} == {
        ("express", "4.17.0"): (True, False, ()),
        ("eslint", "8.1.0"): (True, True, ()),
        ("qs", "6.5.0"): (False, False, ("express",)),
        ("qs", "6.9.0"): (False, True, ("eslint",)),
    }
    assert locked["express", "4.17.0"].line == line
    assert {one.name: one.settled for one in known.packages if not one.locked} == dict.fromkeys(
        ("express", "eslint"), f"web/{name}"
    )


def test_an_alias_is_known_by_the_name_it_stands_for() -> None:
    """A package installed under another name is matched by its own, in the manifest and in the lock."""
    assert only({"package.json": '{"dependencies": {"old": "npm:@scope/new@1.0.0"}}'}, "@scope/new").version == "1.0.0"
    lock = '{"packages": {"node_modules/old": {"name": "@scope/new", "version": "1.0.0"}}}'
    assert only({"package-lock.json": lock}, "@scope/new").version == "1.0.0"
    first = '{"dependencies": {"old": {"version": "npm:new@2.0.0"}}}'
    assert only({"package-lock.json": first}, "new").version == "2.0.0"
    yarn = '# yarn lockfile v1\n"old@npm:new@^2":\n  version "2.0.0"\n'
    assert only({"yarn.lock": yarn}, "new").version == "2.0.0"


def test_packages_of_a_lock_that_come_from_elsewhere_are_named() -> None:
    """A git package in a lock has a version that says nothing about which code it is."""
    npm = '{"packages": {"node_modules/a": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/a/a.git#0"}}}'
    yarn = '# yarn lockfile v1\n"a@github:a/a":\n  version "1.0.0"\n  resolved "https://codeload.github.com/a/a/tar.gz/0"\n'
    bun = '{"packages": {"a": ["a@github:a/a#0", {}, "a-a-0"]}}'
    for name, text in (("package-lock.json", npm), ("yarn.lock", yarn), ("bun.lock", bun)):
        assert len(reasons({name: text})) == 1, name
        assert dependencies_of({name: text}).packages == ()


def test_a_lock_above_holds_only_for_its_members() -> None:
    """An app in a folder of its own is not settled by the lock of another app above it."""
    lock = '{"packages": {"": {}, "web": {}, "node_modules/a": {"version": "1.0.0"}}}'
    manifest = '{"dependencies": {"a": "^1.0.0"}}'
    files = {"package-lock.json": lock, "web/package.json": manifest, "api/package.json": manifest}
    settled = {one.path: one.settled for one in dependencies_of(files).packages if not one.locked}
    assert settled == {"web/package.json": "package-lock.json", "api/package.json": None}


def test_node_looks_for_a_package_from_the_inside_out() -> None:
    """A package that two others hold copies of is the nearest one above whoever asks."""
    packages = {
        "": {"dependencies": {"a": "*", "c": "*"}},
        "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "*"}},
        "node_modules/a/node_modules/b": {"version": "1.0.0", "dependencies": {"c": "*", "d": "*"}},
        "node_modules/a/node_modules/c": {"version": "2.0.0"},
        "node_modules/c": {"version": "1.0.0"},
        "node_modules/d": {"version": "1.0.0"},
    }
    found = dependencies_of({"package-lock.json": json.dumps({"packages": packages})}).packages
    assert {(one.name, one.version): one.via for one in found if one.name in "cd"} == {
        ("c", "1.0.0"): (),
        ("c", "2.0.0"): ("a", "b"),
        ("d", "1.0.0"): ("a", "b"),
    }


def test_bun_looks_for_a_package_from_the_inside_out() -> None:
    """In bun's lock "a/b/c" is the c that only b in a sees, before "a/c" and "c"."""
    packages = {
        "a": ["a@1.0.0", "", {"dependencies": {"b": "*"}}],
        "b": ["b@9.0.0", "", {}],
        "c": ["c@9.0.0", "", {}],
        "a/b": ["b@1.0.0", "", {"dependencies": {"c": "*"}}],
        "a/c": ["c@1.0.0", "", {}],
    }
    lock = {"workspaces": {"": {"dependencies": {"a": "*"}}}, "packages": packages}
    found = dependencies_of({"bun.lock": json.dumps(lock)}).packages
    assert {(one.name, one.version): one.via for one in found if one.via} == {
        ("b", "1.0.0"): ("a",),
        ("c", "1.0.0"): ("a", "b"),
    }


def test_copies_of_one_version_are_told_once_by_the_shortest_way() -> None:
    """A version that a tool holds a copy of, and that the app asks for itself, is the app's own."""
    packages = {
        "": {"dependencies": {"qs": "*"}, "devDependencies": {"tool": "*"}},
        "node_modules/tool": {"version": "1.0.0", "dependencies": {"qs": "*"}},
        "node_modules/tool/node_modules/qs": {"version": "1.0.0"},
        "node_modules/qs": {"version": "1.0.0"},
    }
    found = only({"package-lock.json": json.dumps({"packages": packages}, indent=1)}, "qs")
    assert (found.direct, found.dev, found.via) == (True, False, ())
