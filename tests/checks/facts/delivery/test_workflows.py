"""Which pipelines there are, what starts them and what they do."""

import pytest

from checks.example import facts_of
from checks.facts.delivery.purposes import Purpose
from checks.facts.delivery.workflows import Workflows

RUNS = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: "


def workflows(files: dict[str, str]) -> Workflows:
    """The fact for *files*."""
    fact = facts_of(files).get(Workflows).value
    assert isinstance(fact, Workflows)
    return fact


@pytest.mark.parametrize(
    ("on", "automatic"),
    [
        ("push", True),
        ("[push, workflow_dispatch]", True),
        ("{pull_request: }", True),
        ("{push: {branches: [main]}}", True),
        ("{push: {tags: ['v*'], branches: [main]}}", True),
        ("{push: {tags: ['v*']}}", False),
        ("{push: {tags: ['v*']}, pull_request: }", True),
        ("workflow_dispatch", False),
        ("{schedule: [{cron: '0 0 * * *'}]}", False),
        ("{release: {types: [published]}}", False),
        ("workflow_call", False),
    ],
)
def test_what_starts_a_workflow(on: str, automatic: bool) -> None:
    """A push to a branch or a pull request starts a workflow by itself; a tag, a clock, a person does not."""
    (pipeline,) = workflows({".github/workflows/ci.yml": f"on: {on}\n{RUNS}pytest\n"}).pipelines
    assert pipeline.automatic is automatic


def test_what_is_switched_off_does_not_count() -> None:
    """A job or step with `if: false` runs nothing, and one with a real condition runs."""
    job = "on: push\njobs:\n  a:\n    if: ${{ false }}\n    steps:\n      - run: pytest\n"
    step = "on: push\njobs:\n  a:\n    steps: [{if: false, run: pytest}, {if: success(), run: ruff check}]\n"
    files = {".github/workflows/job.yml": job, ".github/workflows/step.yml": step}
    assert [sorted(pipeline.purposes) for pipeline in workflows(files).pipelines] == [[], [Purpose.LINT]]


def test_local_actions_and_workflows_are_followed() -> None:
    """What a local action or a called workflow does counts for its caller, at any depth, also in a circle."""
    files = {
        ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n",
        ".github/workflows/called.yml": "on: workflow_call\njobs: {a: {steps: [{uses: ./.github/actions/check}]}}\n",
        ".github/actions/check/action.yml": "runs:\n  steps:\n    - run: pytest\n    - uses: ./.github/actions/check\n",
    }
    fact = workflows(files)
    assert {pipeline.path for pipeline in fact.checking} == {".github/workflows/ci.yml", ".github/workflows/called.yml"}


def test_a_workflow_elsewhere_is_misplaced() -> None:
    """A workflow outside /.github/workflows is told apart; other YAML, and somebody else's copy, is not one."""
    files = {
        "backend/.github/workflows/ci.yml": f"on: push\n{RUNS}pytest\n",
        ".github/dependabot.yml": "version: 2\nupdates: []\n",
        "node_modules/x/.github/workflows/ci.yml": f"on: push\n{RUNS}npm test\n",
    }
    fact = workflows(files)
    assert (fact.misplaced, fact.pipelines) == (("backend/.github/workflows/ci.yml",), ())


def test_an_unreadable_workflow_is_said() -> None:
    """A file that cannot be read is named with the reason, and the others are still read."""
    files = {".github/workflows/a.yml": "[" * 9000, ".github/workflows/b.yml": f"on: push\n{RUNS}pytest\n"}
    fact = workflows(files)
    assert len(fact.checking) == 1
    assert fact.unread[0].startswith(".github/workflows/a.yml could not be read: nested deeper")


ODD = (
    "",
    "[]",
    "on: push",
    "on: push\njobs: []",
    "on: push\njobs: {a: 3}",
    "on: 3\njobs: {a: {steps: 4}}",
    "- a\n- b",
    "on: [[push]]\njobs: {a: {steps: [3, {run: [x]}, {uses: {}}]}}",
)


@pytest.mark.parametrize("text", ODD)
def test_a_workflow_of_an_odd_shape_is_read_as_far_as_it_goes(text: str) -> None:
    """YAML that is no workflow is a pipeline that does nothing, never a crash."""
    (pipeline,) = workflows({".github/workflows/x.yml": text}).pipelines
    assert not pipeline.checks_code


@pytest.mark.parametrize(
    ("path", "text", "automatic", "checks"),
    [
        (".gitlab-ci.yml", "test:\n  script: [pytest]\n", True, True),
        (".gitlab-ci.yml", "deploy:\n  name: test\n  script: [kubectl apply -f .]\n", True, False),
        (
            ".circleci/config.yml",
            "orbs: {python: circleci/python@2}\nworkflows: {m: {jobs: [python/test]}}\n",
            True,
            True,
        ),
        ("azure-pipelines.yml", "trigger: none\npr: none\nsteps: [{script: pytest}]\n", False, True),
        ("azure-pipelines.yml", "trigger: [main]\nsteps: [{bash: npm test}]\n", True, True),
        ("bitbucket-pipelines.yml", "pipelines: {custom: {x: [{step: {script: [pytest]}}]}}\n", False, True),
        (".drone.yml", "trigger: {event: [cron]}\nsteps: [{commands: [pytest]}]\n", False, True),
        (".woodpecker/test.yml", "when: [{event: pull_request}]\nsteps: {t: {commands: [pytest]}}\n", True, True),
        (".travis.yml", "language: node_js\n", True, True),
        (".travis.yml", "language: python\nscript: tox\n", True, True),
        (".buildkite/pipeline.yml", "steps: [{command: make test}]\n", True, True),
        ("Jenkinsfile", "node {\n  // sh 'pytest'\n  sh 'kubectl apply'\n}\n", True, False),
        ("Jenkinsfile", 'node {\n  sh """\n    npm ci\n    npm test\n  """\n}\n', True, True),
        (".forgejo/workflows/ci.yaml", f"on: push\n{RUNS}pytest\n", True, True),
    ],
)
def test_other_systems_are_read_too(path: str, text: str, automatic: bool, checks: bool) -> None:
    """Pipelines of other systems are known by the one place each reads, what starts them and what they run."""
    (pipeline,) = workflows({path: text}).pipelines
    assert (pipeline.automatic, pipeline.checks_code) == (automatic, checks)
