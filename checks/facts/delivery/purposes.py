"""What a command line is for, by its words: running tests, other checks of the code, building it, or shipping it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum


class Purpose(StrEnum):
    """What a command, or an action of a workflow, does with the code."""

    TEST = "test"
    LINT = "lint"  # style, types, known faults: anything that reads the code and can refuse it
    BUILD = "build"
    DEPLOY = "deploy"


_SPLIT = re.compile(r"&&|\|\||[;|\n]")
_CONTINUED = re.compile(r"\\\n\s*")
_PREFIX = re.compile(
    r"^(?:[-@+]*\s*)(?:(?:sudo|time|exec|env|xvfb-run|coverage run -m|uv run|poetry run|pipenv run|hatch run|pdm run"
    r"|rye run|npx|pnpx|bunx|pnpm exec|yarn dlx|\w+=\S*)\s+"
    r"(?:--(?:(?:only-)?group|extra|python|package|with|env-file|directory|project|filter)[ =]\S+\s+|--?\w[\w-]*\s+)*)*"
)
#: Commands that only name tools: installing pytest, or printing its name, runs no test.
_IDLE = re.compile(
    r"^(?:(?:python\S*\s+-m\s+)?(?:uv\s+)?(?:pip3?|pipx|npm|pnpm|yarn|bun|poetry|pipenv|apt|apt-get|apk|brew|conda|gem|uv|pdm)\s+"
    r"(?:install|add|i|ci|sync|update|cache|config|lock|clean-install)\b|echo\b|printf\b|cd\b|ls\b|mkdir\b|rm\b|cp\b|mv\b"
    r"|cat\b|export\b|touch\b|chmod\b|source\b|#|exit\b|true\b)"
)
_TASKS = (
    r"^(?:(?:npm|pnpm|yarn|bun)(?:\s+(?:run|run-script|-\S+|workspace\s+\S+))*|make|just|task|poe|nox|tox|inv|invoke|composer"
    r"|rake|mage|earthly|nx|turbo|lerna|moon|rush|hatch|pdm|deno\s+task|\S*gradlew?|\S*mvnw?|cargo|go|dotnet|mix|swift|deno"
    r"|flutter|dart|sbt|lein|zig|stack|cabal|bundle\s+exec|rails|ng|react-scripts|craco|expo)\b"
)
_TEST = re.compile(
    r"\b(?:pytest|py\.test|unittest|nosetests?|vitest|jest|mocha|ava|karma|jasmine|rspec|phpunit|ctest|bats|behave"
    r"|playwright\s+test|cypress\s+run|wdio|testcafe|web-test-runner|uvu|qunit)\b"
    r"|(?:^|\s)(?:tox|nox)(?=\s|$)|\bmanage\.py\s+test\b|\bnode\b.*\s--test\b|\bnode\s+\S*tests?\b"
    rf"|{_TASKS}.*?[\s:_-](?:tests?|t|e2e|unit|coverage|cov|check|checks|ci|verify|spec)\b"
    r"|(?:^|\s)(?:\./)?(?:[\w.-]+/)*[\w-]*(?:tests?|smoke)[\w-]*\.(?:sh|py|bash|js|mjs|ts)\b"
    r"|(?:^|^(?:ba|z)?sh\s+)(?:\./)?\.?(?:scripts?|bin|tools?|ci)/[\w-]*(?:tests?|check|coverage)\b|^\.ci/\w+"
)
_LINT = re.compile(
    r"\b(?:ruff|flake8|pylint|isort|mypy|pyright|pyre|bandit|pip-audit|semgrep|eslint|tsc|vue-tsc|svelte-check|prettier|biome"
    r"|stylelint|oxlint|pre-commit|prek|shellcheck|hadolint|golangci-lint|clippy|rubocop|zizmor|actionlint|compileall"
    r"|py_compile|gitleaks|trufflehog|detect-secrets|snyk|trivy|ty\s+check)\b|\bblack\b|\bmanage\.py\s+check\b|\bgo\s+vet\b"
    rf"|{_TASKS}.*?[\s:_-](?:lint|typecheck|type-check|types|format|fmt|validate|analy[sz]e)\b"
)
_BUILD = re.compile(
    rf"\b(?:next|vite|webpack|nuxt|astro|remix|hugo|rollup|tsup)\s+build\b|\bpython\S*\s+-m\s+build\b|{_TASKS}.*?[\s:_-]"
    r"(?:build|compile|package|assemble)\b|\bdocker\s+(?:buildx\s+)?(?:compose\s+)?(?:\S+\s+)*?build\b"
)
_DEPLOY = re.compile(
    r"\b(?:deploy|publish|rsync|scp|ssh|kubectl|helm|flyctl|heroku|vercel|netlify|wrangler|firebase|gcloud|aws|az|terraform"
    r"|pulumi|railway|serverless|cdk|twine|ansible-playbook)\b|\bdocker\s+push\b|\bgit\s+push\b"
)
_THROUGH = re.compile(r"\s*(?:true|:|echo|printf|exit\s+0)\b|\s*:\s*$")
#: Programs that run no tests, and words of the shell itself.
_PLAIN = re.compile(
    r"^(?:(?:if|then|else|elif|fi|for|while|do|done|case|esac|function|return|set|unset|test|git|gh|curl|wget|tar|unzip|zip"
    r"|gzip|sleep|jq|yq|grep|sed|awk|tr|cut|head|tail|sort|find|xargs|date|tee|which|command|read|local|declare|openssl"
    r"|ssh-keygen|ssh-keyscan|node\s+-\S+|python\S*\s+(?:-V|--version|-c)|npm\s+(?:-v|config|version|pkg)|corepack|psql"
    r"|createdb|mysql|redis-cli|df|du|free|env|printenv|pwd|whoami|uname|chown|ln|id|wc|diff|playwright\s+install"
    r"|locale-gen|systemctl|service|kill|pkill|killall)(?=\s|$)|\w+=|[^\w./])"
)
_ACTIONS = (
    (
        Purpose.TEST,
        re.compile(r"cypress-io/|playwright|(?:^|[/_.-])(?:unit-?|e2e-?)?tests?(?:[/_.@-]|$)|pytest|jest|codecov"),
    ),
    (
        Purpose.LINT,
        re.compile(
            r"codeql|pre-commit|black|ruff|flake8|mypy|eslint|lint|semgrep|sonar|zizmor|trivy|snyk|gitleaks|trufflehog"
            r"|dependency-review|(?:^|[/_.-])(?:ci|checks?|quality|verify)(?:[/_.@-]|$)"
        ),
    ),
    (Purpose.BUILD, re.compile(r"docker/build-push-action|(?:^|[/_.-])build(?:[/_.@-]|$)")),
    (
        Purpose.DEPLOY,
        re.compile(
            r"deploy|publish|release|docker/build-push-action|ghcr|gh-pages|ecr|s3|vercel|netlify|amplify|wrangler"
        ),
    ),
)
_WORDS = ((Purpose.TEST, _TEST), (Purpose.LINT, _LINT), (Purpose.BUILD, _BUILD), (Purpose.DEPLOY, _DEPLOY))
_LONGEST = 2000  # characters of one command that are looked at


def purposes_of(script: str) -> frozenset[Purpose]:
    """Return what the commands of *script*, one or many lines of shell, are for."""
    return frozenset(purpose for command in commands_of(script) for purpose, words in _WORDS if words.search(command))


def commands_of(script: str) -> Iterator[str]:
    """Yield the commands of *script* that do something, without sudo, npx, `uv run` and the like in front of them."""
    for command in _SPLIT.split(_CONTINUED.sub(" ", script)):
        bare = _PREFIX.sub("", command.strip()[:_LONGEST])
        if bare and not _IDLE.match(bare):
            yield bare


def purposes_by_weight(script: str) -> tuple[frozenset[Purpose], frozenset[Purpose]]:
    """Return what *script* is for where a failure stops it, and where it lets one through (`|| true`)."""
    stopping: list[str] = []
    through: list[str] = []
    for command in re.split(r"&&|[;\n]", _CONTINUED.sub(" ", script)):
        before, _, after = command.partition("||")
        (through if _THROUGH.match(after) else stopping).append(before if _THROUGH.match(after) else command)
    return purposes_of("\n".join(stopping)), purposes_of("\n".join(through))


def hidden_in(script: str) -> Iterator[str]:
    """Yield the first words of those commands in *script* of which it is not known what they do."""
    for command in commands_of(script):
        if not _PLAIN.match(command) and not purposes_of(command):
            yield " ".join(command.split()[:3])[:60]


def purposes_of_action(uses: str) -> frozenset[Purpose]:
    """Return what the GitHub action or workflow named *uses* is for, by its name alone."""
    name = uses.lower().split("@")[0]
    return frozenset(purpose for purpose, words in _ACTIONS if words.search(name))


def purposes_of_all(scripts: Iterable[str]) -> frozenset[Purpose]:
    """Return what *scripts* are for, taken together."""
    return frozenset(purpose for script in scripts for purpose in purposes_of(script))
