"""
Which test suites a repository has, and what runs them.

A suite is tests that assert something and lie where a framework looks for them. Scripts in the root named test_* or
debug_*, which print what a running server answers, are what AI builders leave behind: they are kept apart as *scripts*.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.delivery.purposes import Purpose, purposes_of
from checks.facts.delivery.test_bodies import Body, count
from checks.facts.tier import Tier, tier_of

_PYTHON = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|test-[^/]*)\.py$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:test|spec|cy|e2e)\.[cm]?[jt]sx?$")
_FOLDER = re.compile(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|cypress|playwright|test[-_]?suite|integration|unit)/", re.IGNORECASE
)
_LEFT_BEHIND = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|(?:archived?|unused|old|backups?|deprecated|legacy|trash)[^/]*)/",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"_test\.go$|(?:^|/)src/test/.*\.(?:java|kt|scala|groovy)$|_spec\.rb$|(?:^|/)tests?/.*\.(?:rs|php|rb|exs|cs|swift|dart)$"
    r"|Tests?\.(?:cs|java|kt|php|swift)$|_test\.(?:exs|dart|rb)$"
)
_OTHER_ASSERT = re.compile(r"\b(?:assert\w*|expect\w*|should\w*|XCTAssert\w*|t\.(?:Error|Fatal)\w*|require\.\w+)\b")
#: The one test that Android Studio, Capacitor, Flutter, Laravel, Xcode or .NET puts into a new project.
_TEMPLATE = re.compile(
    r"\baddition_isCorrect\b|\buseAppContext\b|Counter increments smoke test|\btest_that_true_is_true\b"
    r"|\btest_the_application_returns_a_successful_response\b|\bclass\s+UnitTest1\b|\bfunc\s+testExample\(\)"
)
_TEMPLATE_ASSERTS = 4  # more of them, and somebody wrote tests of their own beside it
_COMMANDS = re.compile(
    r"(?:^|/)(?:GNUmakefile|[Mm]akefile|[Jj]ustfile|[Tt]askfile\.ya?ml|noxfile\.py|[\w.-]+\.sh|Procfile|Dockerfile[\w.-]*"
    r"|(?:docker-)?compose[\w.-]*\.ya?ml)$|(?:^|/)(?:scripts?|bin)/[\w-]+$"
)
_CONFIGURES = re.compile(
    r"(?:^|/)(?:pytest\.ini|\.pytest\.ini|tox\.ini|noxfile\.py|conftest\.py|\.mocharc\.\w+|karma\.conf\.[cm]?[jt]s"
    r"|(?:jest|vitest|playwright|cypress|wdio|web-test-runner|ava)\.config\.[cm]?[jt]s|cypress\.json|go\.mod|Cargo\.toml"
    r"|pom\.xml|build\.gradle(?:\.kts)?|mix\.exs|phpunit\.xml(?:\.dist)?|\.rspec|deno\.jsonc?)$"
)
_PYTHON_SETTINGS = re.compile(
    r"(?:^|/)(?:pyproject\.toml|setup\.cfg|setup\.py|Pipfile|[\w./-]*requirements[\w./-]*\.(?:txt|in))$"
)
_NAMES_PYTEST = re.compile(r"^(?![^\S\n]*#).*\b(?:pytest|nose2|unittest|tox)\b|^\[tool:pytest\]", re.MULTILINE)
_NONE_SPECIFIED = re.compile(r"no tests? (?:specified|yet|configured|defined|found)", re.IGNORECASE)
#: The file itself says what runs it, with a command that needs no settings: `manage.py test`, `deno test`, itself.
_RUNNER_KNOWN = re.compile(
    r"\b(?:unittest|pytest)\.main\(|\b(?:django|rest_framework)\.test\b|\bDeno\.test\(|[\"'](?:bun|node):test[\"']"
)
_PROGRAM = re.compile(
    r"\.(?:go|rs|java|kt|scala|rb|php|cs|swift|dart|ex|exs|vue|svelte|c|cc|cpp|lua|pl|r|jl)$", re.IGNORECASE
)

_KINDS = {
    "other": _OTHER,
    "package.json": re.compile(r"(?:^|/)package\.json$"),
    "configures": _CONFIGURES,
    "settings": _PYTHON_SETTINGS,
    "commands": _COMMANDS,
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one file says: its tests, or that it runs tests (*runs*) or only pretends to (*pretends*) at *line*."""

    body: Body | None = None
    runs: bool = False
    pretends: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Suites:
    """
    The tests of a repository.

    *suites* are files with tests that assert something where a framework finds them, *scripts* files that look like
    tests and are none, *runners* files that say how the tests are run, *pretended* (path, line) of test commands that
    run nothing. *program* is whether there is any source code that could be tested.
    """

    suites: tuple[str, ...]
    scripts: tuple[str, ...]
    runners: tuple[str, ...]
    pretended: tuple[tuple[str, int | None], ...]
    program: bool
    tests: int

    @property
    def found_by_default(self) -> bool:
        """Whether a bare `pytest` finds and runs some of them: Python tests in a folder of tests."""
        return any(path.endswith(".py") and _FOLDER.search(path) for path in self.suites)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read; copies and builds of others' code are not."""
    if tier_of(path) is Tier.VENDORED:
        return None
    language = language_of(path)
    named = _PYTHON if language == "python" else _SCRIPT
    if language and not path.endswith("/conftest.py") and (named.search(path) or _FOLDER.search(path)):
        return language
    return next((kind for kind, places in _KINDS.items() if places.search(path)), None)


def read(text: str, kind: str) -> Part | None:
    """Return what the file in *text* says about tests; None for nothing."""
    match kind:
        case "package.json":
            return _package(text)
        case "configures":
            return Part(runs=True)
        case "settings":
            return Part(runs=True) if _NAMES_PYTEST.search(text) else None
        case "commands":
            return Part(runs=True) if Purpose.TEST in purposes_of(text) else None
        case "other":
            asserts = len(_OTHER_ASSERT.findall(text))
            empty = _TEMPLATE.search(text) is not None and asserts <= _TEMPLATE_ASSERTS
            return Part(Body(0 if empty else asserts, asserts if empty else 0, script=False))
        case language:
            body = count(text, language)
            known = bool(body.tests and _RUNNER_KNOWN.search(text))
            return Part(body, runs=known) if body.tests or body.hollow or body.script else None


def join(parts: Mapping[str, Part], listing: Listing) -> Suites:
    """Return the suites of a repository; files in a root that look like tests but run themselves are scripts."""
    suites = {path: part.body for path, part in parts.items() if part.body and _is_suite(path, part.body)}
    return Suites(
        suites=tuple(suites),
        scripts=tuple(
            path for path, part in parts.items() if part.body and path not in suites and _PYTHON.search(path)
        ),
        runners=tuple(path for path, part in parts.items() if part.runs),
        pretended=tuple((path, part.line) for path, part in parts.items() if part.pretends),
        program=any(_is_program(path) for path in listing.paths),
        tests=sum(body.tests for body in suites.values()),
    )


def _is_suite(path: str, body: Body) -> bool:
    if not body.tests or _LEFT_BEHIND.search(path):
        return False
    # A file beside the code that starts itself is run by hand against a server, whatever it asserts.
    return bool(_FOLDER.search(path)) or not body.script


def _is_program(path: str) -> bool:
    return tier_of(path) is not Tier.VENDORED and bool(language_of(path) or _PROGRAM.search(path))


def _package(text: str) -> Part | None:
    """Return what the scripts of a package.json say; npm's own default exits with an error."""
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return None
    scripts = package.get("scripts") if isinstance(package, dict) else None
    if not isinstance(scripts, dict):
        return None
    commands = [command for command in scripts.values() if isinstance(command, str)]
    if any(Purpose.TEST in purposes_of(command) for command in commands if not _NONE_SPECIFIED.search(command)):
        return Part(runs=True)
    if "test" not in scripts:
        return None
    before = re.split(r'"test"\s*:', text, maxsplit=1)[0]
    return Part(pretends=True, line=before.count("\n") + 1)


source = Collector(Suites, Part, kind_of, read, join, parsers=PARSERS)
