"""
Nothing checks the code when it changes.

Without a pipeline that runs on every push or pull request, the first to notice a broken change is a user, and every
change by hand or by an AI builder goes out as it is. A pipeline counts when a push or a pull request starts it and when
it can refuse the change: it runs tests, a linter or a type checker, or at least builds the app. One that only deploys,
labels, or runs by hand does not. GitHub reads workflows in `/.github/workflows` alone; a file elsewhere never runs.

Whether the pipeline really ran on this revision, and whether it passed, only the code host can tell: with a token it is
asked. What ran on the pull request that brought the revision counts where nothing ran on the revision itself.

## How to fix

Add a workflow that runs the tests on every pull request. On GitHub that is one file, `.github/workflows/ci.yml`, with
`on: [push, pull_request]` and one job that installs the app and runs its tests. Then make that job a required check in
the branch's protection rules. Where a check failed on the newest revision, mend what it says before anything else.

## Fix prompt

Add continuous integration to this app. Create `.github/workflows/ci.yml` that runs on `push` and `pull_request`,
installs the dependencies from the lock file, runs the linter, and runs the tests with the command the project already
uses. Pin the actions to a version, give the workflow `permissions: contents: read`, and use no secrets. If a workflow
exists outside `/.github/workflows`, move it there. Do not add a deploy step. Show me the file and how to run the same
commands locally.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.delivery.code_host import CodeHost
from checks.facts.delivery.workflows import Pipeline, Workflows
from checks.model import Finding, Outcome, Placement, Severity
from checks.sentences import names

_CONNECT = "reviews and CI cannot be seen in a clone: the code host was not asked"
_TEST = "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "
_OFF = _TEST.replace("steps:", "if: false\n    steps:")
_TESTED = {".github/workflows/ci.yml": f"on: push\n{_TEST}pytest\n"}
_RAN = {"code_host": CodeHost(ci_passed=True, ci_ran=1, ci_workflows=1)}
_STALE = "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/stale@v9\n"

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({"app.py": "print()\n"}, says="nothing runs on a push or a pull request"),
        Bad({"backend/.github/workflows/ci.yml": f"on: push\n{_TEST}pytest\n"}, says="where nothing reads it"),
        Bad(
            {".github/workflows/ci.yml": f"on: workflow_dispatch\n{_TEST}pytest\n"},
            says="only workflow_dispatch starts",
        ),
        Bad({".github/workflows/d.yml": f"on:\n  push:\n    tags: ['v*']\n{_TEST}pytest\n"}, says="only a tag starts"),
        Bad({".github/workflows/ship.yml": f"on: push\n{_TEST}flyctl deploy\n"}, says="checks nothing"),
        Bad(
            {".github/workflows/ship.yml": f"on: push\n{_TEST}docker build -t a . && docker push a\n"},
            says="builds and ships",
        ),
        Bad({".github/workflows/ci.yml": f"on: push\n{_TEST}echo pytest\n"}, says="checks nothing"),
        Bad({".github/workflows/ci.yml": f"on: push\n{_OFF}pytest\n"}),
        Bad(
            {
                ".github/workflows/stale.yml": _STALE,
                ".github/workflows/auto.yml": f"on: pull_request\n{_TEST}gh pr merge --auto --squash\n",
            },
            says="checks nothing",
        ),
        Bad(
            _TESTED,
            given={"code_host": CodeHost(ci_passed=False, ci_ran=3, ci_workflows=2, ci_failed=("test", "lint"))},
            says="failed on this revision: test, lint",
        ),
        Bad(_TESTED, given={"code_host": CodeHost(ci_ran=0, ci_workflows=0)}, says="ran none of it"),
        Bad(
            _TESTED,
            given={"code_host": CodeHost(ci_passed=True, ci_ran=1, ci_workflows=0)},
            says="ran none of it",
        ),
        Good(_TESTED, given={"code_host": CodeHost(ci_passed=True, ci_ran=2, ci_workflows=2)}),
        Good(
            {".circleci/config.yml": "jobs:\n  build:\n    steps:\n      - run:\n          command: npm test\n"},
            given={"code_host": CodeHost(ci_passed=True, ci_ran=1, ci_workflows=0)},
        ),
        Good(
            _TESTED,
            given={"code_host": CodeHost(ci_untold="GitHub would not show checks: give it Actions: read")},
            outcome=Outcome.NOT_CHECKED,
            says="Actions: read",
        ),
        Good(
            _TESTED,
            given={"code_host": CodeHost(asked=False, ci_untold="connect GitHub")},
            says="connect GitHub",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good(_TESTED, says="cannot be seen in a clone", outcome=Outcome.NOT_CHECKED),
        Good({".github/workflows/ci.yml": f"on: [push, pull_request]\n{_TEST}uv run pytest -q\n"}, given=_RAN),
        Good({".github/workflows/ci.yaml": f"on:\n  pull_request:\n{_TEST}npm ci && npm test\n"}, given=_RAN),
        Good({".github/workflows/lint.yml": f"on: push\n{_TEST}npx eslint .\n"}, given=_RAN),
        Good(
            {
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/tests.yml\n",
                ".github/workflows/tests.yml": f"on: workflow_call\n{_TEST}make test\n",
            },
            given=_RAN,
        ),
        Good({".gitlab-ci.yml": "test:\n  script:\n    - !reference [.setup, script]\n    - pytest\n"}, given=_RAN),
        Good(
            {".circleci/config.yml": "jobs:\n  build:\n    steps:\n      - run:\n          command: npm test\n"},
            given=_RAN,
        ),
        Good({"azure-pipelines.yml": "trigger: [main]\nsteps:\n  - script: python -m pytest\n"}, given=_RAN),
        Good({"Jenkinsfile": "pipeline { stages { stage('t') { steps { sh 'make test' } } } }\n"}, given=_RAN),
        Good(
            {"bitbucket-pipelines.yml": "pipelines:\n  default:\n    - step:\n        script:\n          - npm test\n"},
            given=_RAN,
        ),
        Good({".drone.yml": "kind: pipeline\nsteps:\n  - name: t\n    commands:\n      - go test ./...\n"}, given=_RAN),
        Good({".travis.yml": "language: node_js\nnode_js: 20\n"}, given=_RAN),
        Good(
            {".github/workflows/ci.yml": "on: push\njobs: " + "[" * 100},
            outcome=Outcome.NOT_CHECKED,
            says="nested deeper",
        ),
    ),
)


@check.detect
def detect(workflows: Workflows, host: CodeHost | None) -> Iterator[Finding]:
    """Ask whether a push or a pull request starts anything that can refuse the change, and whether it passed."""
    if workflows.checking:
        yield from _run(workflows, host or CodeHost(ci_untold=_CONNECT))
        return
    if workflows.building and not workflows.unread:
        path = workflows.building[0].path
        # A build that fails keeps a change from being shipped: the least that a pipeline can do, told as advice.
        yield Finding(
            f"No pipeline checks the code: {path} builds and ships what is pushed, and tests and lints nothing",
            identity="no-ci",
            blocking=False,
        )
        return
    if workflows.unread:
        raise NotChecked(*workflows.unread)
    reasons = [f"{path} lies where nothing reads it" for path in workflows.misplaced]
    reasons += [_why_not(pipeline) for pipeline in workflows.pipelines]
    said = "; ".join(reasons[:3]) or "nothing runs on a push or a pull request"
    # One finding without a path: another workflow that checks nothing does not make it another fault.
    yield Finding(f"No pipeline checks the code: {said}", identity="no-ci")


def _run(workflows: Workflows, host: CodeHost) -> Iterator[Finding]:
    """Yield what the code host says against the pipelines of this revision; raises NotChecked where it does not say."""
    paths = ", ".join(pipeline.path for pipeline in workflows.checking[:3])
    # A preview that a web host builds of every push succeeds too, and is no run of the workflows.
    own = all(pipeline.system == "github" for pipeline in workflows.checking)
    ran = host.ci_workflows if own else host.ci_ran
    if host.ci_failed:
        yield Finding(f"CI failed on this revision: {names(host.ci_failed, 3)}", identity="ci-failed")
    elif host.ci_untold or ran is None:
        raise NotChecked(host.ci_untold or "the code host does not tell whether CI passed")
    elif ran == 0:
        yield Finding(f"{paths} would check the code, but the code host ran none of it", identity="ci-not-run")
    elif host.ci_passed is not True:
        raise NotChecked("the code host does not say that all which ran on this revision passed")


def _why_not(pipeline: Pipeline) -> str:
    if not pipeline.automatic:
        starts = "a tag" if pipeline.starts == ("push",) else ", ".join(pipeline.starts) or "nothing"
        return f"only {starts} starts {pipeline.path}"
    return f"{pipeline.path} checks nothing"
