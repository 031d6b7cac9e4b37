"""Manifests made to break their readers: each comes back as a skip with its reason, soon, and without a crash."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.packages.dependencies import source
from checks.facts.packages.manifests.kinds import READERS, kind_of, read
from checks.facts.packages.packages import Manifest
from tests.checks.facts.packages.dependency_facts import dependencies_of, reasons

DEEP = 100_000
JSON_FILES = ("package.json", "package-lock.json", "Pipfile.lock", "bun.lock")
TOML_FILES = ("pyproject.toml", "Pipfile", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")


@pytest.mark.parametrize("path", JSON_FILES)
@pytest.mark.parametrize(
    "bomb",
    [
        '{"a":' * DEEP,
        "[" * DEEP,
        '{"dependencies":' + "[" * DEEP + "]" * DEEP + "}",
        "",
        "null",
        "[1]",
        '{"a": NaN',
        "\0",
    ],
    ids=["objects", "lists", "closed", "empty", "null", "list", "cut", "nul"],
)
def test_json_bombs_are_skipped(path: str, bomb: str) -> None:
    """JSON that is nested too deep, cut off, or no object is named as unread."""
    (reason,) = reasons({path: bomb})
    assert "could not be parsed" in reason


@pytest.mark.parametrize("path", TOML_FILES)
@pytest.mark.parametrize(
    "bomb",
    [
        ".".join("a" * 50_000) + " = 1",
        "\n".join(f"k{number}" + ".a" * 200 + " = 1" for number in range(1_000)),
        "a = " + "[" * DEEP,
        "a = " + "{b = " * DEEP,
        "[" + "a." * 50_000 + "a]",
        "=",
        "\0",
    ],
    ids=["dotted", "many", "lists", "tables", "header", "cut", "nul"],
)
def test_toml_bombs_are_skipped(path: str, bomb: str) -> None:
    """TOML whose dotted keys or nesting would cost minutes and gigabytes is refused before it is parsed."""
    (reason,) = reasons({path: bomb})
    assert "could not be parsed" in reason


@pytest.mark.parametrize(
    "kind",
    ["requirements", "pyproject", "pipfile-lock", "package-json", "package-lock", "yarn-lock", "pnpm-lock", "bun-lock"],
)
@pytest.mark.parametrize(
    "piece",
    ["a", " ", '"', '\\"', "[", "{", "=", ",", "@", "/", "#", "'", "a@", " @", "a.", "-", ":", "  a@1", "\\\n", "\n"],
)
def test_a_line_without_end_is_read_once(kind: str, piece: str) -> None:
    """A long line of one thing costs no reader more than reading it: a pattern that looks twice would hang here."""
    for start in ("", '"', "[", "  a@1", '  "@', "    ", "lockfileVersion\npackages:\n  a@1", "--hash "):
        assert isinstance(read(start + piece * (150_000 // len(piece)), kind), Manifest)


@pytest.mark.parametrize(
    "text",
    [
        '{"dependencies": 7, "devDependencies": ["a"], "optionalDependencies": "b"}',
        '{"dependencies": {"a": null, "b": {"c": 1}, "": "1.0.0"}, "scripts": 3, "name": []}',
    ],
)
def test_wrong_types_in_a_package_json_are_named(text: str) -> None:
    """A section or a version of the wrong type is named, not taken for empty."""
    assert len(reasons({"package.json": text})) >= 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("uv.lock", "package = [1, 2]\n"),
        ("uv.lock", '[[package]]\nversion = "1"\n'),
        ("poetry.lock", '[package]\nname = "a"\n'),
        ("pylock.toml", 'packages = "all"\n'),
        ("package-lock.json", '{"packages": {"node_modules/a": 5, "node_modules/b": {"version": 1}}}'),
        ("package-lock.json", '{"dependencies": {"a": 5, "b": {"requires": 3, "version": "x"}}}'),
        ("bun.lock", '{"packages": {"a": "a@1.0.0", "b": [], "c": [5]}}'),
        ("yarn.lock", "not a lock"),
        ("pnpm-lock.yaml", "not: a lock"),
    ],
)
def test_locks_of_the_wrong_shape_are_named(path: str, text: str) -> None:
    """A lock that is well-formed but says something else is never taken for a lock without packages."""
    assert dependencies_of({path: text}).packages == ()
    assert reasons({path: text})


def test_a_cycle_and_a_deep_chain_of_packages_end() -> None:
    """Packages that need each other, and a chain of thousands, are walked once each."""
    count = 3_000
    packages: dict[str, object] = {"": {"dependencies": {"p0": "*"}}}
    for number in range(count):
        needs = {f"p{(number + 1) % count}": "*", f"p{number}": "*"}
        packages[f"node_modules/p{number}"] = {"version": "1.0.0", "dependencies": needs}
    found = dependencies_of({"package-lock.json": json.dumps({"packages": packages})}).packages
    assert len(found) == count
    assert all(len(one.via) <= 13 for one in found)


def test_a_huge_lock_is_read_whole_or_refused_whole() -> None:
    """Ten thousand packages are read; more than any app has are refused rather than half read."""

    def lock(count: int) -> str:
        return json.dumps({"packages": {f"node_modules/p{number}": {"version": "1.0.0"} for number in range(count)}})

    assert len(dependencies_of({"package-lock.json": lock(10_000)}).packages) == 10_000
    assert "more than 50,000" in reasons({"package-lock.json": lock(50_001)})[0]
    assert source.largest == 16 * 1024 * 1024


def test_no_text_of_a_file_stands_in_a_reason() -> None:
    """A reason names the place and the fault; a broken manifest may hold a token on the very line."""
    token = "hunter2-hunter2"
    files = {
        "requirements.txt": f"--index-url https://user:{token}@example.org/simple\n{token} {token}\n",
        "pyproject.toml": f'a = "{token}',
        "package.json": f'{{"dependencies": {{"a": "git+https://{token}@example.org/a.git"}}}}',
    }
    assert len(reasons(files)) == 4
    assert token not in " ".join(reasons(files))


PRINTABLE = "".join(sorted(set(string.printable) - set("\r\n\x0b\x0c\\#")))
ODD_LINES = [
    "", "a==1", "A.b_c[x]>=2,<3", "-r x.txt", "-c x", "-e .", "git+https://h/x", "a @ file:///x", "; python_version",
    "[[[[", "===", "-", "--", "./x[", "${A}", "-i x", "-r", "-e", "a[", "a==1 --hash=x",
]  # fmt: skip
LINES = st.text(PRINTABLE, max_size=40) | st.sampled_from(ODD_LINES)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_line_of_a_requirements_file_is_dropped_in_silence(lines: list[str], ending: str) -> None:
    """Whatever stands on a line, but for long options about how pip installs, is a package, a reference or a skip."""
    said = read(ending.join(lines), "requirements")
    told = [one.line for one in said.declared] + [one.line for one in said.references]
    told += [one.line for one in said.skipped]
    expected = [number for number, line in enumerate(lines, 1) if line.strip() and not line.strip().startswith("--")]
    assert set(expected) <= set(told)
    assert len(told) == len(set(told))


@given(st.text(max_size=300), st.sampled_from(sorted(READERS)))
def test_no_text_crashes_a_reader(text: str, kind: str) -> None:
    """Any text at all comes back as a manifest."""
    assert isinstance(read(text, kind), Manifest)


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.sampled_from(["1.0.0", "^1", "a@1.0.0", "git+x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["", "packages", "dependencies", "devDependencies", "requires", "version", "resolved", "node_modules/a",
             "node_modules/a/node_modules/b", "a", "workspaces", "default", "link", "dev", "name", "scripts"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.sampled_from(JSON_FILES))
def test_no_shape_of_json_crashes_the_fact(value: object, path: str) -> None:
    """Any JSON in the place of a manifest or lock still gives a fact, whole or with a reason."""
    known = dependencies_of({path: json.dumps(value)})
    assert known.files == (path,)
    assert not any("Error)" in skip.reason for skip in known.skipped), known.skipped


@pytest.mark.parametrize(
    "path", ["requirements.txt/x.py", "my-requirements", "README.md", "src/packages.py", "yarn.lock.bak"]
)
def test_other_files_are_not_taken_for_manifests(path: str) -> None:
    """A file is read by its own name only."""
    assert kind_of(path) is None
