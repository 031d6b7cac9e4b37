"""What requirements files ask for, and what of them is only named."""

import pytest

from tests.checks.facts.packages.dependency_facts import dependencies_of, only, reasons


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("Flask==0.12.2", "flask", "0.12.2"),
        ("flask[async, dotenv] == 2.0.1  # the web", "flask", "2.0.1"),
        ("zope.interface===5.0", "zope-interface", "5.0"),
        ('uvloop==0.19.0 ; sys_platform != "win32"', "uvloop", "0.19.0"),
        ("certifi==2024.7.4 --hash=sha256:" + "a" * 64 + " --hash=sha256:" + "b" * 64, "certifi", "2024.7.4"),
        ("ruamel_yaml", "ruamel-yaml", None),
        ("flask==2.*", "flask", None),
        ("flask>=2,<3", "flask", None),
        ("flask~=2.0", "flask", None),
    ],
)
def test_a_line_names_one_package(line: str, name: str, version: str | None) -> None:
    """Extras, markers, comments, hashes and the writing of a name do not change which package a line names."""
    found = only({"requirements.txt": f"# first\n{line}\n"}, name)
    assert (found.version, found.path, found.line, found.direct) == (version, "requirements.txt", 2, True)


def test_line_ends_of_every_system_are_read() -> None:
    """CRLF, lone CR and a byte order mark hide no package."""
    found = dependencies_of({"requirements.txt": "\ufeffa==1\r\nb==2\rc==3\n"}).packages
    assert [(one.name, one.version, one.line) for one in found] == [("a", "1", 1), ("b", "2", 2), ("c", "3", 3)]


def test_a_continued_line_is_one_requirement() -> None:
    """A package whose hashes stand on lines of their own is at the line where it starts."""
    text = "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\nb==2 \\"
    found = dependencies_of({"requirements.txt": text}).packages
    assert [(one.name, one.line) for one in found] == [("a", 1), ("b", 4)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-e git+https://github.com/a/b.git@main#egg=b", "an address of its own"),
        ("git+ssh://git@github.com/a/b", "an address of its own"),
        ("b @ https://example.org/b-1.0.tar.gz", "an address of its own"),
        ("https://example.org/b-1.0-py3-none-any.whl", "an address of its own"),
        ("./wheels/b-1.0-py3-none-any.whl", "no manifest"),
        ("--index-url https://pypi.example.org/simple", "another index"),
        ("--extra-index-url=https://example.org", "another index"),
        ("-f https://example.org/wheels", "another index"),
        ("-r /etc/passwd", "outside the repository"),
        ("-r ../../other/requirements.txt", "outside the repository"),
        ("-c https://example.org/constraints.txt", "outside the repository"),
        ("-rmissing.txt", "not in the repository"),
        ("-e /srv/app", "outside the repository"),
        ("-e .", "no manifest"),
        ("${PACKAGE}==1.0", "filled in from the environment"),
        ("--frobnicate", "not known"),
        ("this is prose, not a package", "not a requirement"),
        ("a" * 90_000, "longer than"),
        ("a" * 5_000 + "==1", "longer than"),
    ],
)
def test_what_cannot_be_used_is_named(line: str, why: str) -> None:
    """A line that is never followed, or cannot be read, is reported with its place; the line after it still counts."""
    files = {"app/requirements.txt": f"a==1\n{line}\nb==2\n"}
    assert [one.name for one in dependencies_of(files).packages] == ["a", "b"]
    (reason,) = reasons(files)
    assert reason.startswith("app/requirements.txt:2: ")
    assert why in reason
    known = dependencies_of(files)
    # What could be read and says too little is the repository's own gap; the rest is a loss of sight.
    lost = ("not known", "not a requirement", "longer than")
    assert (known.unseen if why in lost else known.open) == (reason,)
    assert not (known.open if why in lost else known.unseen)


def test_options_that_name_no_package_are_no_loss() -> None:
    """Options about how pip installs say nothing of what is installed."""
    assert reasons({"requirements.txt": "--require-hashes\n--pre\n--only-binary :all:\n--no-index\na==1\n"}) == []


def test_includes_in_the_tree_are_read_and_a_cycle_ends() -> None:
    """Files that include each other are each read once; a constraints file settles what others leave open."""
    files = {
        "requirements.txt": "-r requirements/web.txt\n-r requirements.txt\na\n",
        "requirements/web.txt": "-r ../requirements.txt\n--constraint=../constraints.txt\nb>=1\n",
        "constraints.txt": "-r requirements.txt\nA==1.5\nb==2.5\n",
    }
    assert reasons(files) == []
    found = dependencies_of(files).packages
    assert {(one.name, one.path, one.settled) for one in found if not one.locked} == {
        ("a", "requirements.txt", "constraints.txt"),
        ("b", "requirements/web.txt", "constraints.txt"),
    }
    assert {(one.name, one.version) for one in found if one.locked} == {("a", "1.5"), ("b", "2.5")}


def test_a_compiled_file_settles_its_source_and_says_what_needs_what() -> None:
    """requirements.in is settled by the requirements.txt compiled from it, whose comments name the chain."""
    files = {
        "requirements.in": "flask\n",
        "requirements.txt": "flask==3.0.3\n    # via -r requirements.in\n"
        "jinja2==3.1.4\n    # via\n    #   flask\n    #   x\n",
    }
    assert only(files, "jinja2").via == ("flask", "x")
    assert not only(files, "jinja2").direct
    flask = {one.path: one for one in dependencies_of(files).packages if one.name == "flask"}
    assert flask["requirements.in"].settled == "requirements.txt"
    assert flask["requirements.txt"].direct


@pytest.mark.parametrize(
    ("path", "dev"),
    [
        ("requirements.txt", False),
        ("requirements-prod.txt", False),
        ("requirements-dev.txt", True),
        ("requirements/test.txt", True),
        ("requirements/base.txt", False),
        ("dev-requirements.txt", True),
        ("backend/requirements.txt", False),
        ("docs/requirements.txt", True),
        ("tests/fixtures/requirements.txt", True),
        ("latest/requirements.txt", False),
    ],
)
def test_files_for_developers_are_told_by_name_and_folder(path: str, dev: bool) -> None:
    """What only developers install is marked; a name that merely holds such a word is not."""
    assert only({path: "a==1\n"}, "a").dev is dev


def test_installed_packages_are_not_the_apps_own() -> None:
    """Manifests in node_modules or an environment belong to the packages there."""
    assert dependencies_of({"node_modules/x/package.json": '{"dependencies": {"a": "1.0.0"}}'}).files == ()
    assert dependencies_of({".venv/lib/site-packages/x/requirements.txt": "a==1"}).files == ()


def test_beside_a_library_a_requirements_file_is_its_developers_list() -> None:
    """What a published package needs stands in its pyproject; the requirements file beside it installs tools."""
    library = '[build-system]\nrequires = []\n[project]\nname = "x"\nurls = {a = "b"}\ndependencies = ["b"]\n'
    assert only({"requirements.txt": "a==1\n", "pyproject.toml": library}, "a").dev
    assert not only({"requirements.txt": "a==1\n", "pyproject.toml": '[project]\nname = "x"\n'}, "a").dev
    assert not only({"api/requirements.txt": "a==1\n", "pyproject.toml": library}, "a").dev
