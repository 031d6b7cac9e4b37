"""What part of a repository a path belongs to: code that runs in front of users, or tests, docs, examples, copies."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Tier(StrEnum):
    """Findings outside CODE are demoted to advice, never dropped."""

    CODE = "code"
    TEST = "test"
    DOCS = "docs"
    EXAMPLE = "example"
    VENDORED = "vendored"  # somebody else's code, copied in, or output of a build


_VENDORED = re.compile(
    r"(^|/)(node_modules|vendor|vendored|third[_-]party|bower_components|\.next|dist|build|out|site-packages|\.venv|venv"
    r"|__pycache__)/|\.min\.(js|css)$|\.map$|(^|/)[\w.-]+\.bundle(\.\w+)?\.js$|(^|/)chunk-vendors[\w.-]*\.js$"
    # Builds of libraries, by how these call them (quasar.umd.js, sass.dart.js, jquery-3.7.1.js), and by their names.
    r"|\.(umd|iife|dart|esm-browser|esm-bundler|global|standalone)(\.(prod|production|dev|development))?\.[cm]?js$"
    r"|(^|/)(static|public|assets|js|libs?)/([^/]+/)*[\w.]+[-@.]v?\d+\.\d+\.\d+[\w.-]*\.(js|css)$"
    r"|(^|/)(static|public)/([^/]+/)*(jquery(-ui)?|d3|three|plotly|lodash|moment|vue|angular|react(-dom)?"
    r"|bootstrap|popper|leaflet|katex|mermaid|tinymce|ckeditor|codemirror|echarts|fabric|p5|phaser|alpine|htmx)\.js$"
)
# Folders and names as the test runners of both languages find them, and scripts that say "test" in their name:
# AI builders leave many of those in the root.
_TEST = re.compile(
    r"(^|/)(vitest|jest)[\w.-]*\.[cm]?[jt]s$|(^|/)(tests?|__tests__|__mocks__|specs?|e2e|cypress|playwright|fixtures?|testdata|test[_-]data|mocks?|stubs?|testing)/"
    # Folders of tests by longer names (e2e_tests, integration-tests, test-environments), and of measurements; a folder
    # called `test-app` may hold the app itself.
    r"|(^|/)([\w.]+[_-])?(e2e|tests|benchmarks?|load[_-]?test(ing)?)([_-][\w.-]+)?/"
    r"|(^|/)(unit|integration|functional|acceptance|smoke|api|ui|perf|performance|regression)[_-]test/"
    r"|(^|/)test[_-](env\w*|utils?|helpers?|support|setup|suites?|resources?|cases?|harness|scripts?|infra\w*)/"
    r"|(^|/)(tests?[_-][^/]*|[^/]*[_-](tests?|testing)|conftest|tests?)\.(py|[cm]?[jt]sx?|sh|rb|go|php)$|\.(test|spec|cy|stories)\.[cm]?[jt]sx?$"
    r"|(^|/)(global-?(setup|teardown)|setup-?tests?|(integration|e2e|unit)/(setup|teardown))\.[cm]?[jt]sx?$"
    r"|(^|/)[^/]*(test|spec)s?\.(java|kt|cs|rb|php)$",
    re.IGNORECASE,
)
_DOCS = re.compile(
    r"(^|/)(docs?|documentation|wiki|attached_assets)/|\.(md|mdx|rst|adoc|txt)$|(^|/)(README|CHANGELOG|LICENSE)",
    re.IGNORECASE,
)
_REQUIREMENTS = re.compile(r"(^|/)requirements[^/]*\.txt$|(^|/)robots\.txt$", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(^|/)(examples?|samples?|demos?|templates?[_-]env)/|\.(example|sample|template|dist|tmpl|tpl)(\.\w{1,5})?$"
    r"|(^|/)\.?env[._-](example|sample|template|dist|test|defaults?)|(^|/)\.env\.[\w.-]*(example|sample|template)"
    r"|(^|/)(example|sample)[._-]|[._-](example|sample)\.\w{1,5}$|\.env\.ci$",
    re.IGNORECASE,
)


@lru_cache(maxsize=10_000)
def tier_of(path: str) -> Tier:
    """Return the tier of *path*, by its folders and name alone."""
    if _VENDORED.search(path):
        return Tier.VENDORED
    if _TEST.search(path):
        return Tier.TEST
    if _EXAMPLE.search(path):
        return Tier.EXAMPLE
    if _DOCS.search(path) and not _REQUIREMENTS.search(path):
        return Tier.DOCS
    return Tier.CODE


#: Where editors keep earlier versions of files (VS Code's Local History, Jupyter).
_EARLIER = re.compile(r"(^|/)\.(history|ipynb_checkpoints)/")
_BUILT = re.compile(r"(^|/)(dist|build|out|\.next|public|static)/")
_COPIED = re.compile(r"(^|/)(node_modules|vendor|vendored|third[_-]party|bower_components|site-packages|\.?venv)/")


def is_earlier_version(path: str) -> bool:
    """Whether an editor keeps *path* as a file's earlier version, which no program runs; secrets in it are as live."""
    return _EARLIER.search(path) is not None


def is_built(path: str) -> bool:
    """Whether *path* is the output of this app's own build: it is what visitors get, so a key in it is out."""
    return _BUILT.search(path) is not None and _COPIED.search(path) is None


_ENV_FILE = re.compile(r"(^|/)(\.env(rc|\.[\w.-]+)?|\.flaskenv|[\w.-]+\.env|env\.(local|production))$", re.IGNORECASE)
_SOURCE = re.compile(r"\.env\.(d\.ts|[cm]?[jt]sx?|py|md|json|ya?ml|sh|rb|go|php)$", re.IGNORECASE)


def is_env_file(path: str) -> bool:
    """Whether *path* is a file of settings as NAME=value, such as `.env` or `prod.env`; a template is one too."""
    return _ENV_FILE.search(path) is not None and _SOURCE.search(path) is None


_COMPOSE = re.compile(r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$", re.IGNORECASE)


def is_compose_file(path: str) -> bool:
    """Whether *path* is a compose file by its name."""
    return _COMPOSE.search(path) is not None


_DEVELOPMENT = re.compile(
    r"(^|[/._-])(dev|devel|development|local|test|tests|testing|ci|debug|override|sandbox|watch|e2e|cypress|playwright)([/._-]|$)",
    re.IGNORECASE,
)
_PIPELINE = re.compile(
    r"(^|/)\.?(github|circleci|gitlab|buildkite|devcontainer|ci|woodpecker|drone)/|(^|/)(\.gitlab-ci|\.travis|appveyor|azure-pipelines"
    r"|cloudbuild|Jenkinsfile)[\w.-]*$"
)
_BY_HAND = re.compile(
    r"(^|/)(scripts?|tools?|bin|hack|extras?)/|(^|/)(generate|create|get|make|debug|check|verify|inspect|diagnose|fix|try)"
    r"[_-][\w-]*\.(py|[cm]?[jt]s|sh)$",
    re.IGNORECASE,
)


_WORKSHOP = re.compile(r"(^|/)(dev|devel|development|local|hack|tools?|scripts?|contrib|playground)/", re.IGNORECASE)
_SEED = re.compile(
    r"(^|/)(db[_-]?)?(seed(s|er|ers|ing|_?data)?|fixtures?)([._-][\w.-]*)?\.(py|[cm]?[jt]sx?|json|ya?ml|sql)$"
    r"|(^|/)(seeds?|seeders?|seeding)/|(^|/)[\w-]*[._-]seed(s|er|ing)?\.(py|[cm]?[jt]s|json)$",
    re.IGNORECASE,
)


def is_in_workshop(path: str) -> bool:
    """Whether *path* lies in a folder of what developers start by hand, such as `tools/` or `docker/development/`."""
    return _WORKSHOP.search(path) is not None


def is_seed(path: str) -> bool:
    """Whether the name of *path* says that it fills a database with made-up records."""
    return _SEED.search(path) is not None


def is_for_development(path: str) -> bool:
    """Whether the name of the file *path* says that it is for a developer's machine (`docker-compose.dev.yml`)."""
    return _DEVELOPMENT.search(path.rpartition("/")[2]) is not None


def is_pipeline(path: str) -> bool:
    """Whether *path* belongs to a pipeline or a developer's container, whose databases live for minutes."""
    return _PIPELINE.search(path) is not None


def is_run_by_hand(path: str) -> bool:
    """Whether *path* is a script that a person starts and whose output they alone see, by its folder or its name."""
    return _BY_HAND.search(path) is not None
