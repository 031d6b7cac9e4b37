"""
The pipeline runs, but none of the tests.

There are tests and there is a pipeline, and nothing brings them together: it builds and lints and stays green while the
tests that would have shown the fault are not run, or may fail without stopping anything (`npm test || true`,
`continue-on-error: true`). A green tick that means nothing is worse than none, because people trust it.

## How to fix

Add the command that runs the tests as a step of the pipeline that starts on every pull request, without `|| true` and
without `continue-on-error`, and make that job a required check of the branch. Mend or delete the tests that fail now.

## Fix prompt

The pipeline of this app does not run its tests, or lets them fail. Add a step that runs them with the command that the
project declares (`npm test`, `uv run pytest`) to the workflow that starts on pull requests; it must fail when a test
fails. Remove `|| true`, `continue-on-error` and placeholders like `echo "no tests"` from test steps. Run the tests now:
mend the code where a test is right, change the test where the behaviour was changed on purpose, and tell me of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.delivery.purposes import Purpose
from checks.facts.delivery.test_suites import Suites
from checks.facts.delivery.workflows import Workflows
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_FEW = 3  # tests; fewer are a start, and said as advice
_TEST = "def test_add():\n    assert add(1, 2) == 3\n\n\ndef test_more():\n    assert add(2, 2) == 4\n"
_TESTS = {
    "app.py": "def add(a, b):\n    return a + b\n",
    "tests/test_app.py": f"from app import add\n\n\n{_TEST}\n\ndef test_none():\n    assert add(0, 0) == 0\n",
    "pyproject.toml": "[tool.pytest.ini_options]\n",
}
_ON = "on: [push, pull_request]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "
_CI = ".github/workflows/ci.yml"

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({**_TESTS, _CI: f"{_ON}ruff check .\n"}, says="does not run any of the 3 tests"),
        Bad({**_TESTS, _CI: f"{_ON}ruff check . && pytest || true\n"}, says="whether they pass or fail"),
        Bad(
            {**_TESTS, _CI: f"{_ON}pytest\n        continue-on-error: true\n      - run: ruff check .\n"},
            says="whether they pass or fail",
        ),
        Bad(
            {
                "src/add.ts": "export const add = (a: number, b: number) => a + b\n",
                "src/add.test.ts": "".join(
                    f"test('adds {n}', () => {{\n  expect(add({n}, 0)).toBe({n})\n}})\n" for n in range(4)
                ),
                "package.json": '{"scripts": {"test": "vitest run", "build": "vite build", "lint": "eslint ."}}',
                _CI: f"{_ON}npm ci\n      - run: npm run lint\n      - run: npm run build\n",
            },
            says="does not run any of the 4 tests",
        ),
        Bad({**_TESTS, _CI: f"{_ON}docker build -t app . && docker push app\n"}, says="any of the 3 tests"),
        Bad(  # what the script does cannot be seen: advice
            {**_TESTS, _CI: f"{_ON}ruff check . && ./scripts/all.sh\n"},
            says="unless ./scripts/all.sh does",
        ),
        Good({**_TESTS, _CI: f"{_ON}ruff check . && pytest\n"}),
        Good({**_TESTS, _CI: f"{_ON}ruff check .\n", ".gitlab-ci.yml": "test:\n  script:\n    - pytest\n"}),
        Good({**_TESTS, _CI: f"{_ON}pytest || true\n      - run: pytest tests/\n"}),
        Good(
            {
                **_TESTS,
                _CI: "on: push\njobs:\n  a:\n    uses: ./.github/workflows/tests.yml\n",
                ".github/workflows/tests.yml": "on: workflow_call\njobs:\n  t:\n    steps:\n      - run: tox\n",
            }
        ),
        Good(_TESTS, outcome=Outcome.NOT_APPLICABLE, says="no pipeline"),
        Good({"app.py": "", _CI: f"{_ON}ruff check .\n"}, outcome=Outcome.NOT_APPLICABLE, says="no tests"),
    ),
)


@check.detect
def detect(suites: Suites, workflows: Workflows) -> Iterator[Finding]:
    """Ask whether a pipeline that a push or a pull request starts runs the tests that there are, and heeds them."""
    if not suites.suites:
        raise NotApplicable("there are no tests that a pipeline could run")
    automatic = [pipeline for pipeline in workflows.pipelines if pipeline.automatic]
    if any(Purpose.TEST in pipeline.purposes for pipeline in automatic):
        return
    through = [pipeline for pipeline in automatic if Purpose.TEST in pipeline.tolerated]
    checking = workflows.checking or tuple(through) or workflows.building
    if not checking:
        raise NotApplicable("no pipeline checks the code at all, which no-ci tells")
    path = (through or checking)[0].path
    hidden = [command for pipeline in automatic for command in pipeline.hidden]
    if through:
        said = f"{path} runs the tests and goes on whether they pass or fail"
    else:
        unless = f", unless {hidden[0]} does" if hidden else ""
        said = f"{path} does not run any of the {suites.tests} tests, such as those of {suites.suites[0]}{unless}"
    yield Finding(
        said,
        path=path,
        identity="ci-without-tests",
        confidence=Confidence.LOW if hidden and not through else Confidence.HIGH,
        severity=Severity.LOW if hidden and not through else None,
        blocking=suites.tests >= _FEW and (bool(through) or not hidden),
    )
