"""
Files that name dependencies in a form that is not read here; each becomes a Skip, so that it counts as not seen.

setup.py and build.gradle are programs: reading them truly would be running them.
"""

from __future__ import annotations

from checks.facts.packages.packages import Manifest, Skip

#: File name -> what is not read of it.
NAMES = {
    "setup.py": "setup.py is a program, which is not run: what it asks for is not seen",
    "setup.cfg": "dependencies in setup.cfg are not read: move them to pyproject.toml",
    "environment.yml": "Conda's environments are not read",
    "environment.yaml": "Conda's environments are not read",
    "conda-lock.yml": "Conda's locks are not read",
    "bun.lockb": "bun's binary lock is not read: write bun.lock with `bun install --save-text-lockfile`",
    "deno.lock": "Deno's lock is not read",
    "go.mod": "Go's modules are not read",
    "Cargo.toml": "Rust's crates are not read",
    "Gemfile": "Ruby's gems are not read",
    "composer.json": "PHP's packages are not read",
    "pom.xml": "Java's packages are not read",
    "build.gradle": "Java's packages are not read",
    "build.gradle.kts": "Java's packages are not read",
    "mix.exs": "Elixir's packages are not read",
    "pubspec.yaml": "Dart's packages are not read",
}

#: Only with this in it does the file ask for packages at all.
_ASKS = {"setup.py": "install_requires", "setup.cfg": "install_requires"}


def read(text: str, kind: str) -> Manifest:
    """Return the Skip that says why *text*, a file called *kind*, is not read; none where it asks for nothing."""
    asks = _ASKS.get(kind)
    if asks is not None and asks not in text:
        return Manifest(kind)
    before = text.partition(asks)[0] if asks else ""
    return Manifest(kind, skipped=(Skip(before.count("\n") + 1, NAMES[kind]),))
