"""What pyproject.toml, Pipfile and the lock files of Python say."""

import pytest

from tests.checks.facts.packages.dependency_facts import dependencies_of, only, reasons

PYPROJECT = """\
[project]
name = "app"
version = "1"
dependencies = [
  "Flask>=2",
  "jinja2 == 3.1.4",
  "own @ git+https://example.org/own",
  "member",
]
[project.optional-dependencies]
pdf = ["weasyprint==60.0"]
test = ["pytest==8.0"]
[dependency-groups]
dev = ["ruff==0.5.0", {include-group = "lint"}]
lint = ["mypy"]
server = ["gunicorn"]
[tool.uv.sources]
member = { workspace = true }
"""

UV = """\
version = 1
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[package.dev-dependencies]
dev = [{ name = "ruff" }]
[[package]]
name = "flask"
version = "2.0.0"
source = { registry = "https://index.example.org/simple" }
dependencies = [{ name = "jinja2" }]
[[package]]
name = "jinja2"
version = "3.0.0"
source = { registry = "https://index.example.org/simple" }
dependencies = [{ name = "markupsafe", version = "2.0.0", marker = "x" }]
[[package]]
name = "markupsafe"
version = "1.0.0"
[[package]]
name = "markupsafe"
version = "2.0.0"
[[package]]
name = "ruff"
version = "0.5.0"
[[package]]
name = "own"
version = "1"
source = { git = "https://example.org/own" }
"""

POETRY = """\
[[package]]
name = "Flask"
version = "2.0.0"
optional = false

[package.dependencies]
Jinja2 = ">=3.0"

[[package]]
name = "jinja2"
version = "3.0.0"

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]

[[package]]
name = "own"
version = "1.0.0"

[package.source]
type = "git"
url = "https://example.org/own"
"""


def test_every_section_of_a_pyproject_is_read() -> None:
    """Dependencies, extras and groups all count, with their lines; only a name that says so is for development."""
    found = {one.name: one for one in dependencies_of({"pyproject.toml": PYPROJECT}).packages}
    assert set(found) == {"flask", "jinja2", "weasyprint", "pytest", "ruff", "mypy", "gunicorn"}
    assert (found["flask"].version, found["flask"].specifier, found["flask"].line) == (None, ">=2", 5)
    assert (found["jinja2"].version, found["jinja2"].line) == ("3.1.4", 6)
    assert {name for name, one in found.items() if one.dev} == {"pytest", "ruff", "mypy"}
    assert reasons({"pyproject.toml": PYPROJECT}) == [
        "pyproject.toml:7: own comes from an address of its own, which no advisory covers"
    ]


def test_poetrys_tables_are_read() -> None:
    """Poetry's short forms, tables, groups and lists of alternatives name packages too; python is none."""
    text = """\
[tool.poetry.dependencies]
python = "^3.11"
flask = "2.0.1"
requests = { version = "^2.0", extras = ["socks"] }
numpy = [{ version = "1.0", python = "<3.9" }, { version = "2.0", python = ">=3.9" }]
own = { git = "https://example.org/own" }
[tool.poetry.group.test.dependencies]
pytest = "*"
"""
    found = [(one.name, one.version, one.line, one.dev) for one in dependencies_of({"pyproject.toml": text}).packages]
    assert found == [
        ("flask", "2.0.1", 3, False),
        ("requests", None, 4, False),
        ("numpy", "1.0", 5, False),
        ("numpy", "2.0", 5, False),
        ("pytest", None, 8, True),
    ]
    assert len(reasons({"pyproject.toml": text})) == 1


def test_dependencies_computed_at_build_time_are_not_seen() -> None:
    """A pyproject that leaves its dependencies to a program says so, and that is a loss of sight."""
    assert "computed" in reasons({"pyproject.toml": '[project]\nname = "a"\ndynamic = ["dependencies"]\n'})[0]


def test_a_uv_lock_names_chains_forks_and_groups() -> None:
    """A lock of uv says what is direct, what only developers use, and through which packages the rest comes in."""
    found = {(one.name, one.version): one for one in dependencies_of({"uv.lock": UV}).packages}
    assert found["flask", "2.0.0"].direct
    assert found["flask", "2.0.0"].line == 10
    assert found["jinja2", "3.0.0"].via == ("flask",)
    assert found["markupsafe", "2.0.0"].via == ("flask", "jinja2")
    assert found["markupsafe", "1.0.0"].via == ()  # no chain leads to it, and it is still there
    assert (found["ruff", "0.5.0"].direct, found["ruff", "0.5.0"].dev) == (True, True)
    assert not found["markupsafe", "2.0.0"].dev
    assert [reason.partition(": ")[2].split()[0] for reason in reasons({"uv.lock": UV})] == ["own"]


def test_a_lock_settles_the_manifest_beside_it_and_its_members() -> None:
    """A range is settled by the lock of its own folder, or of one above that names this folder as a member."""
    pyproject = '[project]\nname = "{}"\nversion = "1"\ndependencies = ["flask>=2"]\n'
    member = UV.replace('virtual = "."', 'editable = "backend"')
    files = {"uv.lock": member, "backend/pyproject.toml": pyproject, "other/pyproject.toml": pyproject}
    settled = {one.path: one.settled for one in dependencies_of(files).packages if not one.locked}
    assert settled == {"backend/pyproject.toml": "uv.lock", "other/pyproject.toml": None}


def test_a_pin_that_differs_from_the_lock_stays_a_version_of_its_own() -> None:
    """Where requirements.txt and the lock disagree nobody knows which is installed, so both versions are looked at."""
    files = {"uv.lock": UV, "requirements.txt": "flask==1.0\njinja2==3.0.0\n"}
    found = {(one.path, one.name): one.version for one in dependencies_of(files).packages}
    assert found["requirements.txt", "flask"] == "1.0"
    assert found["requirements.txt", "jinja2"] is None  # the lock's own entry stands for it
    assert found["uv.lock", "flask"] == "2.0.0"


def test_a_poetry_lock_takes_what_is_direct_from_the_manifest() -> None:
    """poetry.lock does not say what the app asks for; the pyproject beside it does."""
    files = {"poetry.lock": POETRY, "pyproject.toml": '[tool.poetry.dependencies]\nflask = "^2.0"\n'}
    assert only(files, "jinja2").via == ("flask",)
    assert only(files, "pytest").dev
    assert [one.direct for one in dependencies_of(files).packages if one.name == "flask"] == [True, True]
    assert reasons(files)[0].startswith("poetry.lock:19: own")


def test_a_lock_alone_leaves_open_what_is_direct() -> None:
    """Without a manifest every package of such a lock may be one that the app asks for itself."""
    assert all(one.direct for one in dependencies_of({"poetry.lock": POETRY}).packages)


def test_pipfiles_and_other_locks_are_read() -> None:
    """Pipfile with its lock, pdm.lock and pylock.toml name versions as well."""
    pipfile = '[packages]\nflask = "*"\n[dev-packages]\npytest = "==8.0"\n'
    lock = '{"default": {"flask": {"version": "==2.0"}}, "develop": {"pytest": {"version": "==8.0"}}}'
    found = {(one.path, one.name): one for one in dependencies_of({"Pipfile": pipfile, "Pipfile.lock": lock}).packages}
    assert found["Pipfile", "flask"].settled == "Pipfile.lock"
    assert found["Pipfile.lock", "flask"].version == "2.0"
    assert found["Pipfile.lock", "pytest"].dev
    pdm = '[[package]]\nname = "a"\nversion = "1"\ngroups = ["default"]\ndependencies = ["B>=2; x"]\n'
    pdm += '[[package]]\nname = "b"\nversion = "2"\n'
    declared = '[project]\nname = "x"\nversion = "1"\ndependencies = ["a"]\n'
    assert only({"pdm.lock": pdm, "pyproject.toml": declared}, "b").via == ("a",)
    assert only({"pylock.toml": '[[packages]]\nname = "a"\nversion = "1"\n'}, "a").version == "1"


SETUP = """from setuptools import setup
NEEDS = ["flask==2.0",
         "jinja2>=3"]
setup(install_requires=NEEDS, extras_require={"dev": ["pytest==8.0"], "all": NEEDS + ["x"]}, url="https://example.org")
"""


def test_setup_py_is_read_as_text() -> None:
    """Requirements written out in setup.py count with their lines, and a lock beside it speaks in its place."""
    found = [
        (one.name, one.version, one.line, one.dev, one.library) for one in dependencies_of({"setup.py": SETUP}).packages
    ]
    assert found == [
        ("flask", "2.0", 2, False, True),
        ("jinja2", None, 3, False, True),
        ("pytest", "8.0", 4, True, True),
    ]
    assert reasons({"setup.py": "from setuptools import setup\nsetup()\n"}) == []
    locked = {"setup.py": SETUP, "uv.lock": UV.replace("own", "own2").partition('[[package]]\nname = "own2')[0]}
    assert {one.path for one in dependencies_of(locked).packages} == {"uv.lock"}


@pytest.mark.parametrize("given", ["open('r.txt').read().splitlines()", "needs()", "[*needs, 'flask']", "['a', b + c]"])
def test_what_setup_py_computes_is_left_open(given: str) -> None:
    """setup.py is never run: a list that it puts together is told as open, whatever else stands in it."""
    known = dependencies_of({"setup.py": f"from setuptools import setup\nsetup(install_requires={given})\n"})
    assert known.open == ("setup.py:2: what it asks for is computed when the package is built",)
    assert known.unseen == ()


def test_setup_cfg_is_read() -> None:
    """The lists of setup.cfg count with their lines; a file that it names instead leaves them open."""
    text = "[metadata]\nname = x\n[options]\ninstall_requires =\n    flask==2.0\n    # no\n    jinja2 # yes\n"
    text += "[options.extras_require]\ntest = pytest==8.0\n"
    found = [(one.name, one.version, one.line, one.dev) for one in dependencies_of({"setup.cfg": text}).packages]
    assert found == [("flask", "2.0", 5, False), ("jinja2", None, 7, False), ("pytest", "8.0", 9, True)]
    text = "[options]\ninstall_requires = file: requirements.txt\n"
    assert dependencies_of({"setup.cfg": text}).open


def test_dependencies_that_a_build_computes_are_looked_for_beside() -> None:
    """`dynamic` leads to the files that setuptools names, or to setup.py; else it is open."""
    dynamic = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    assert dependencies_of({"pyproject.toml": dynamic}).open
    assert not dependencies_of({"pyproject.toml": dynamic, "setup.py": SETUP}).open
    named = dynamic + '[tool.setuptools.dynamic]\ndependencies = {file = ["requirements.txt"]}\n'
    assert not dependencies_of({"pyproject.toml": named, "requirements.txt": "flask==2.0\n"}).open
    assert dependencies_of({"pyproject.toml": named}).open


def test_files_of_other_ecosystems_are_named_as_unread() -> None:
    """Packages of Go, Ruby and others are not looked at, and that is said."""
    assert reasons({"go.mod": "module x", "api/Gemfile": "gem 'rails'"}) == [
        "api/Gemfile:1: Ruby's gems are not read",
        "go.mod:1: Go's modules are not read",
    ]
