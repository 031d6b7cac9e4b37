"""Files that name dependencies in a form that is not read here; each becomes a Skip, so that it counts as not seen."""

from __future__ import annotations

from checks.facts.packages.packages import Manifest, Skip

#: bun's older lock is no text, so that mostly no reader gets it.
BINARY_LOCK = "bun.lockb"

#: File name -> what is not read of it.
NAMES = {
    "environment.yml": "Conda's environments are not read",
    "environment.yaml": "Conda's environments are not read",
    "conda-lock.yml": "Conda's locks are not read",
    BINARY_LOCK: "bun's binary lock is not read: write bun.lock with `bun install --save-text-lockfile`",
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


def read(_text: str, kind: str) -> Manifest:
    """Return the Skip that says why a file called *kind* is not read; of a binary lock the fact itself says it."""
    if kind == BINARY_LOCK:
        return Manifest(kind)
    return Manifest(kind, skipped=(Skip(1, NAMES[kind]),))
