"""What part of a repository a path belongs to: code that runs in front of users, or tests, docs, examples, copies."""

from __future__ import annotations

import re
from enum import StrEnum


class Tier(StrEnum):
    """Findings outside CODE are demoted to advice, never dropped."""

    CODE = "code"
    TEST = "test"
    DOCS = "docs"
    EXAMPLE = "example"
    VENDORED = "vendored"  # somebody else's code, copied in, or output of a build


_VENDORED = re.compile(
    r"(^|/)(node_modules|vendor|vendored|third[_-]party|bower_components|\.next|dist|build|out|site-packages|\.venv|venv"
    r"|__pycache__)/|\.min\.(js|css)$|\.map$|(^|/)[\w.-]+\.bundle\.js$"
)
_TEST = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|specs?|e2e|cypress|playwright|fixtures?|testdata|test[_-]data|mocks?|stubs?)/"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|\.(test|spec|cy|stories)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
_DOCS = re.compile(
    r"(^|/)(docs?|documentation|wiki)/|\.(md|mdx|rst|adoc|txt)$|(^|/)(README|CHANGELOG|LICENSE)", re.IGNORECASE
)
_REQUIREMENTS = re.compile(r"(^|/)requirements[^/]*\.txt$|(^|/)robots\.txt$", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(^|/)(examples?|samples?|demos?|templates?[_-]env)/|\.(example|sample|template|dist|tmpl)$"
    r"|(^|/)\.?env[.-](example|sample|template|dist|test)|(^|/)example\.",
    re.IGNORECASE,
)


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
