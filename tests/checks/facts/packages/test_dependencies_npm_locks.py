"""What locks of npm's family settle, leave open, or have gone astray from."""

from tests.checks.facts.packages.dependency_facts import dependencies_of
from tests.checks.facts.packages.test_dependencies_npm import MANIFEST, PNPM_9, THREE


def test_a_lock_of_pnpm_says_itself_what_is_direct() -> None:
    """Of two versions of one name only the one that a folder was given is direct; aliases and version 5 too."""
    lock = PNPM_9.replace(
        "  .:\n    dependencies:\n",
        "  .:\n    dependencies:\n      qs:\n        specifier: ^6\n        version: 6.9.0\n",
    )
    files = {"package.json": MANIFEST.replace('"express"', '"qs": "^6", "express"'), "pnpm-lock.yaml": lock}
    found = {one.version: one.direct for one in dependencies_of(files).packages if one.name == "qs" and one.locked}
    assert found == {"6.5.0": False, "6.9.0": True}
    fifth = (
        "lockfileVersion: 5.4\nspecifiers:\n  a: ^1\ndependencies:\n  a: 1.0.0_b@2.0.0\n  c: /d/3.0.0\n\npackages:\n\n"
    )
    fifth += "  /a/1.0.0_b@2.0.0:\n    dev: false\n\n  /a/2.0.0:\n    dev: false\n\n  /d/3.0.0:\n    dev: false\n"
    named = {(one.name, one.version): one.direct for one in dependencies_of({"pnpm-lock.yaml": fifth}).packages}
    assert named == {("a", "1.0.0"): True, ("a", "2.0.0"): False, ("d", "3.0.0"): True}


def test_versions_set_for_what_others_bring_are_looked_at() -> None:
    """An override names the very version that is installed, whoever brings it; a range is the lock's to say."""
    text = """{"overrides": {"a": "1.0.0", "b": {".": "2.0.0", "c": "3.0.0"}, "d": "^4"},
    "resolutions": {"**/e": "5.0.0", "x/@s/f": "6.0.0"}, "pnpm": {"overrides": {"g@<7": "7.0.0", "x>h": "8.0.0"}}}"""
    found = {one.name: (one.version, one.direct) for one in dependencies_of({"package.json": text}).packages}
    assert found == {
        name: (version, False)
        for name, version in {
            "a": "1.0.0",
            "b": "2.0.0",
            "c": "3.0.0",
            "d": None,
            "e": "5.0.0",
            "@s/f": "6.0.0",
            "g": "7.0.0",
            "h": "8.0.0",
        }.items()
    }


def test_a_binary_lock_is_told_where_it_stands_alone() -> None:
    """bun.lockb settles versions that nobody here can read; a lock that is read speaks for both."""
    files = {"package.json": MANIFEST, "bun.lockb": ""}
    known = dependencies_of(files)
    assert known.open[0].startswith("bun.lockb:1: bun's binary lock is not read")
    assert {one.lock for one in known.packages} == {"bun.lockb"}
    assert not dependencies_of({**files, "package-lock.json": THREE}).open


def test_a_lock_that_disagrees_with_its_manifest_is_known() -> None:
    """A version outside of what the manifest allows, and a package that the lock does not have, are told apart."""
    manifest = '{"dependencies": {"express": "^5.0.0", "eslint": "8.1.0", "gone": "^1.0.0"}}'
    known = {
        one.name: one
        for one in dependencies_of({"package.json": manifest, "package-lock.json": THREE}).packages
        if not one.locked
    }
    assert known["express"].astray == "4.17.0"
    assert (known["eslint"].astray, known["eslint"].settled) == (None, "package-lock.json")
    assert (known["gone"].settled, known["gone"].lock) == (None, "package-lock.json")


def test_of_several_versions_the_one_that_fits_is_direct() -> None:
    """Yarn's lock holds a name at two versions: the manifest means the one its range allows."""
    lock = "# yarn lockfile v1\n" + "".join(f'a@^{n}.0.0:\n  version "{n}.5.0"\n' for n in (1, 2))
    files = {"package.json": '{"dependencies": {"a": "^2.0.0"}}', "yarn.lock": lock}
    found = {one.version: one.direct for one in dependencies_of(files).packages if one.locked}
    assert found == {"1.5.0": False, "2.5.0": True}
    astray = {**files, "package.json": '{"dependencies": {"a": "^3.0.0"}}'}
    assert all(one.direct for one in dependencies_of(astray).packages if one.locked)
